-- KEYS the user, the session. ARGV status, seconds of the session so far, octets in and out, address, station.
-- What the session has grown by is taken from the user, to zero at most; a repeat grows by nothing.
local reported = tonumber(ARGV[2]) or 0
local known = tonumber(redis.call('HGET', KEYS[2], 'seconds') or '0')
local grown = reported - known
if grown > 0 and redis.call('EXISTS', KEYS[1]) == 1 then
    local left = redis.call('HINCRBY', KEYS[1], 'seconds', -grown)
    if left < 0 then redis.call('HSET', KEYS[1], 'seconds', 0) end
end
redis.call('HSET', KEYS[2], 'status', ARGV[1], 'seconds', math.max(reported, known), 'octets_in', ARGV[3],
           'octets_out', ARGV[4], 'address', ARGV[5], 'station', ARGV[6])
redis.call('EXPIRE', KEYS[2], ARGV[1] == 'Stop' and 3600 or 86400)
return 'counted'
