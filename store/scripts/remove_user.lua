-- remove_user: takes a user's record, balance, credits and extra away. What sessions were charged stays.
-- KEYS  user, account, credits, extra, closed, idempotency, logins
-- ARGV  now (s), 'force' to close running sessions first, the version to remove (empty: any)
-- Returns {'done', what the indexes knew, then the field and the text of each session that was closed}, as write_user
-- does; or {'not_found'}, or {'version_changed'}, or {'session_running'}.
-- Includes sessions.lua.
local user_key, account_key, credits_key, extra_key, closed_key, idempotency_key, logins_key = unpack(KEYS)
local now, is_forced, expected = ARGV[1], ARGV[2] == 'force', ARGV[3]

local known = redis.call('HMGET', user_key, 'username', 'organization', 'is_active', 'external_id')
if not known[1] then return {'not_found'} end
if expected ~= '' and redis.call('HGET', user_key, 'version') ~= expected then return {'version_changed'} end
known[5] = redis.call('HGET', extra_key, 'id')

local answer = {'done', known}
local running = sessions_in(redis.call('HGETALL', account_key))
if #running > 0 and not is_forced then return {'session_running'} end
for _, session in ipairs(running) do
    session.flag, session.closed_at, session.cause = '-', tonumber(now), 'removed'
    redis.call('HSET', closed_key, session.field, format(session))
    answer[#answer + 1], answer[#answer + 2] = session.field, format(session)
end
redis.call('DEL', user_key, account_key, credits_key, extra_key, idempotency_key, logins_key)
-- Whose the closed sessions were.
if redis.call('EXISTS', closed_key) == 1 then
    redis.call('HSET', closed_key, 'username', known[1], 'organization', known[2] or '0')
end
return answer
