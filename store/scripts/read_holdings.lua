-- read_holdings: all that is kept of one user, as it stands at one instant.
-- KEYS  user, account, closed, details, credits, extra, idempotency, logins
-- Returns {{user name, organization, is_active, external_id, extra id}, date_joined, account, closed, fields of the
-- details, credits, 1 if there is any idempotency key, names of keys that are of another type than they should be, 1 if
-- times of logins are kept}.
local user_key, account_key, closed_key, details_key, credits_key, extra_key, idempotency_key, logins_key = unpack(KEYS)

local foreign = {}
local function read(command, key, ...)
    local answer = redis.pcall(command, key, ...)
    if type(answer) ~= 'table' or not answer.err then return answer end
    foreign[#foreign + 1] = key
    return {}
end

local record = read('HMGET', user_key, 'username', 'organization', 'is_active', 'external_id', 'date_joined')
local known = {record[1], record[2], record[3], record[4], read('HGET', extra_key, 'id')}
return {
    known, record[5] or false, read('HGETALL', account_key), read('HGETALL', closed_key), read('HKEYS', details_key),
    read('LRANGE', credits_key, 0, -1), redis.call('EXISTS', idempotency_key), foreign, redis.call('EXISTS', logins_key)
}
