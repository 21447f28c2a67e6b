-- write_extra: makes the extra of a user, or changes named fields of it.
-- KEYS  user, extra   ARGV  1 'create' | 'change'   2 extra id   3 the version to change, empty: any
--                           4 n, then n pairs of field and value, then fields to remove
-- Returns {'done'}; {'parent_not_found'}; {'already_exists', its id} if the user has another; or {'not_found'};
-- or {'version_changed'}.
-- Making it again under the same id writes the same again.
local user_key, extra_key = KEYS[1], KEYS[2]
local mode, id, expected, count = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local present = redis.call('HGET', extra_key, 'id')
if mode == 'create' then
    if redis.call('EXISTS', user_key) == 0 then return {'parent_not_found'} end
    if present and present ~= id then return {'already_exists', present} end
    redis.call('HSET', extra_key, 'id', id)
elseif present ~= id then
    return {'not_found'}
end
if expected ~= '' and redis.call('HGET', extra_key, 'version') ~= expected then return {'version_changed'} end

local first_removed = 5 + 2 * count
for i = 5, first_removed - 1, 2 do redis.call('HSET', extra_key, ARGV[i], ARGV[i + 1]) end
for i = first_removed, #ARGV do redis.call('HDEL', extra_key, ARGV[i]) end
redis.call('HINCRBY', extra_key, 'version', 1)
return {'done'}
