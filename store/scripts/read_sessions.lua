-- read_sessions: all sessions of one user and whose they are, as they stand at one instant.
-- KEYS  user, account, closed, details
-- Returns {user name or nil, organization or nil, account, closed, details}.
local user_key, account_key, closed_key, details_key = unpack(KEYS)

local owner = redis.call('HMGET', user_key, 'username', 'organization')
if not owner[1] then owner = redis.call('HMGET', closed_key, 'username', 'organization') end
return {
    owner[1], owner[2], redis.call('HGETALL', account_key), redis.call('HGETALL', closed_key),
    redis.call('HGETALL', details_key)
}
