-- forget_sessions: takes closed sessions off their NAS's index, unless one was opened again since.
-- KEYS  index   ARGV  arrival before which an entry is forgotten (us), then the entries
local forgotten = 0
for i = 2, #ARGV do
    local arrival = redis.call('ZSCORE', KEYS[1], ARGV[i])
    if arrival and tonumber(arrival) < tonumber(ARGV[1]) then
        forgotten = forgotten + redis.call('ZREM', KEYS[1], ARGV[i])
    end
end
return forgotten
