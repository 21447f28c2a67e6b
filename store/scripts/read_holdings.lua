-- read_holdings: all that is kept of one user, as it stands at one instant.
-- KEYS  user, account, closed, details, credits, extra, idempotency
-- Returns {{user name, organization, is_active, external_id, extra id}, date_joined, account, closed, fields of the
-- details, credits, 1 if there is any idempotency key}.
local user_key, account_key, closed_key, details_key, credits_key, extra_key, idempotency_key = unpack(KEYS)

local known = redis.call('HMGET', user_key, 'username', 'organization', 'is_active', 'external_id')
known[5] = redis.call('HGET', extra_key, 'id')
return {
    known, redis.call('HGET', user_key, 'date_joined'), redis.call('HGETALL', account_key),
    redis.call('HGETALL', closed_key), redis.call('HKEYS', details_key), redis.call('LRANGE', credits_key, 0, -1),
    redis.call('EXISTS', idempotency_key)
}
