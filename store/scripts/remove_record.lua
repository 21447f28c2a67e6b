-- remove_record: takes a record of the registry away, with its unique values and out of its lists.
-- KEYS  record, all of its kind, the list it is in, unique values, generation, changes
-- ARGV  1 id   2 version it must have   3 generation that must not have passed, or '-'
--       4 its kind   5 how many changes are kept   then its unique values
-- Returns 1, or 0 if the version is another or something was written since the generation.
local record_key, all_key, list_key, unique_key, generation_key, changes_key = unpack(KEYS)
local id, version, generation, kind, changes_kept = unpack(ARGV, 1, 5)

if redis.call('HGET', record_key, 'version') ~= version then return 0 end
if generation ~= '-' and (redis.call('GET', generation_key) or '0') ~= generation then return 0 end

redis.call('DEL', record_key)
redis.call('ZREM', all_key, id)
redis.call('ZREM', list_key, id)
for i = 6, #ARGV do redis.call('HDEL', unique_key, ARGV[i]) end
local passed = redis.call('INCR', generation_key)
redis.call('RPUSH', changes_key, passed .. ' ' .. kind .. ' ' .. id)
redis.call('LTRIM', changes_key, -changes_kept, -1)
return 1
