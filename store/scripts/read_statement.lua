-- read_statement: what a user's statement is made of, as it stands at one instant.
-- KEYS  account, closed, details, credits   ARGV  1 number of the credit to stop before   2 how many credits at most
-- Returns {account, closed, details, number of the first credit in the list, credits by number}.
local account_key, closed_key, details_key, credits_key = unpack(KEYS)
local stop, most = tonumber(ARGV[1]), tonumber(ARGV[2])

local last = math.min(redis.call('LLEN', credits_key), stop - 1)
local first = math.max(1, last - most + 1)
local credits = last > 0 and redis.call('LRANGE', credits_key, first - 1, last - 1) or {}

return {
    redis.call('HGETALL', account_key), redis.call('HGETALL', closed_key), redis.call('HGETALL', details_key),
    first, credits
}
