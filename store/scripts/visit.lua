-- visit: what a decision about a user's running sessions needs, as it stands at one instant. From here on no deadline
-- counts as published.
-- KEYS  user, account, closed, details   ARGV  now (s), stale limit of users who have none of their own (s)
-- Returns {'user' | 'nobody', user name or nil, organization or nil, is_active, expiration, profile, number of this
-- visit, account, closed sessions, details of the sessions}, the last three as HGETALL does. Closed sessions are told of
-- a user who was removed, and only those that his removal closed within the stale limit.
-- Includes sessions.lua.
local user_key, account_key, closed_key, details_key = unpack(KEYS)
local now, stale_limit = tonumber(ARGV[1]), tonumber(ARGV[2])

local visits = 0
if redis.call('EXISTS', account_key) == 1 then
    visits = redis.call('HINCRBY', account_key, 'visits', 1)
    redis.call('HDEL', account_key, 'deadline')
end

local record = redis.call('HMGET', user_key, 'username', 'organization', 'is_active', 'expiration', 'profile')
local account = redis.call('HGETALL', account_key)
local sessions = sessions_in(account)
local closed, details = {}, {}
local kind = record[1] and 'user' or 'nobody'
if not record[1] then
    local owner = redis.call('HMGET', closed_key, 'username', 'organization')
    record = {owner[1], owner[2], false, false, false}
    for _, session in ipairs(sessions_in(redis.call('HGETALL', closed_key))) do
        if session.cause == 'removed' and now < session.closed_at + stale_limit then
            sessions[#sessions + 1] = session
            closed[#closed + 1], closed[#closed + 2] = session.field, format(session)
        end
    end
end
for _, session in ipairs(sessions) do
    for _, name in ipairs({session.number, 'd' .. session.number}) do
        local text = redis.call('HGET', details_key, name)
        if text then details[#details + 1], details[#details + 2] = tostring(name), text end
    end
end
return {kind, record[1], record[2], record[3], record[4], record[5], visits, account, closed, details}
