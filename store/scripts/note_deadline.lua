-- note_deadline: notes with the account a deadline that the index names, unless he was visited since it was worked out.
-- KEYS  account
-- ARGV  number of the last visit, deadline (s), then of a visit: how many changes it has dealt with, stale limit (s; '':
--       he has none of his own)
local account_key, visit, deadline, changes, stale_limit = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if changes and redis.call('EXISTS', account_key) == 0 then return 0 end
local stored = redis.call('HMGET', account_key, 'visits', 'deadline')
if (stored[1] or '0') ~= visit then return 0 end

-- '?' and a second: a report asked for that one, and it may not be in the index yet.
local known = stored[2]
local is_asked_for = known == '?' .. deadline
local is_first_after_visit = changes and (not known or tonumber(deadline) < (tonumber(known) or 0))
if is_asked_for or is_first_after_visit then redis.call('HSET', account_key, 'deadline', deadline) end
if changes then redis.call('HSET', account_key, 'heeded', changes) end
if stale_limit == '' then
    redis.call('HDEL', account_key, 'stale_limit')
elseif stale_limit then
    redis.call('HSET', account_key, 'stale_limit', stale_limit)
end
return 1
