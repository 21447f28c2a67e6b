-- write_record: makes a record of the registry, or replaces all fields of one.
-- KEYS  record, all of its kind, the list it is in, the list it goes to, unique values, generation, changes
-- ARGV  1 id   2 version it must have, 0: none   3 generation that must not have passed, or '-'
--       4 its kind   5 how many changes are kept
--       6 n: values it gives up   7 m: values it claims   then those n and m, then pairs of field and value
-- Returns {'done', new version}; {'taken', the value that another record has}; {'changed'} if the version is another;
-- or {'passed'} if something else was written since the generation.
local record_key, all_key, old_list, new_list, unique_key, generation_key, changes_key = unpack(KEYS)
local id, version, generation, kind, changes_kept, released, claimed = unpack(ARGV, 1, 7)

if (redis.call('HGET', record_key, 'version') or '0') ~= version then return {'changed'} end
if generation ~= '-' and (redis.call('GET', generation_key) or '0') ~= generation then return {'passed'} end

local first_claim = 8 + released
local first_field = first_claim + claimed
for i = first_claim, first_field - 1 do
    local owner = redis.call('HGET', unique_key, ARGV[i])
    if owner and owner ~= id then return {'taken', ARGV[i]} end
end

for i = 8, first_claim - 1 do redis.call('HDEL', unique_key, ARGV[i]) end
for i = first_claim, first_field - 1 do redis.call('HSET', unique_key, ARGV[i], id) end

local new_version = redis.call('INCR', generation_key)
redis.call('RPUSH', changes_key, new_version .. ' ' .. kind .. ' ' .. id)
redis.call('LTRIM', changes_key, -changes_kept, -1)
redis.call('DEL', record_key)
redis.call('HSET', record_key, 'version', new_version)
for i = first_field, #ARGV, 2 do redis.call('HSET', record_key, ARGV[i], ARGV[i + 1]) end

redis.call('ZADD', all_key, id, id)
redis.call('ZREM', old_list, id)
redis.call('ZADD', new_list, id, id)
return {'done', new_version}
