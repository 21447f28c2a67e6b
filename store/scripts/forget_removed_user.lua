-- forget_removed_user: drops old sessions of somebody who has no record (any more), and with the last of them his name.
-- KEYS  user, closed, details   ARGV  now (s), retention of closed sessions (s)
-- Returns 1 if nothing is left, else 0.
local user_key, closed_key, details_key = unpack(KEYS)
local now, retention = tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('EXISTS', user_key) == 1 then return 0 end

local entries = redis.call('HGETALL', closed_key)
local kept = 0
for i = 1, #entries, 2 do
    if string.match(entries[i], '^s%d') then
        local number = string.match(entries[i + 1], '^%d+')
        local heard = tonumber(string.match(entries[i + 1], ' (%d+)$'))
        if now - heard > retention then
            redis.call('HDEL', closed_key, entries[i])
            redis.call('HDEL', details_key, number, 'd' .. number)
        else
            kept = kept + 1
        end
    end
end
if kept > 0 then return 0 end
redis.call('DEL', closed_key)
return 1
