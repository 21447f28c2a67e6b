-- note_sightings: adds what was seen of sources, or of NASes, to what is known of each.
-- KEYS  a hash of name -> JSON and its index by last seen; the same of strangers, if they are kept apart: a name is
--       there until something authentic was seen of it, and then takes with it what is known
-- ARGV  1 how many words of each are kept   then for each hash: how many names it holds, and before when (s) they are
--       forgotten   then for each sighting: name, '1' if it is authentic, JSON (store/sighting.hpp)
local words_max = tonumber(ARGV[1])
local dropped_max = 100  -- at once: the next call goes on

local function known(book, name)
    local is_sound, sum = pcall(cjson.decode, redis.call('HGET', book, name) or '')
    return is_sound and type(sum) == 'table' and sum
end

local function add(sum, later)
    if not sum then return later end
    sum.first = math.min(sum.first, later.first)
    sum.last = math.max(sum.last, later.last)
    if later.authentic then sum.authentic = math.max(sum.authentic or 0, later.authentic) end
    sum.nas, sum.nas_id = later.nas, later.nas_id
    sum.nas_identifier = later.nas_identifier or sum.nas_identifier
    sum.interim_interval = later.interim_interval or sum.interim_interval

    sum.counts = sum.counts or {}
    for what, count in pairs(later.counts or {}) do sum.counts[what] = (sum.counts[what] or 0) + count end

    local words, kept = sum.words or {}, 0
    for _ in pairs(words) do kept = kept + 1 end
    for word in pairs(later.words or {}) do
        if not words[word] and kept < words_max then
            words[word], kept = 1, kept + 1
        end
    end
    if kept > 0 then sum.words = words end
    return sum
end

local function forget(book, index, names)
    if #names == 0 then return end
    redis.call('HDEL', book, unpack(names))
    redis.call('ZREM', index, unpack(names))
end

local strangers, strangers_index = KEYS[3], KEYS[4]
for i = #KEYS + 2, #ARGV, 3 do
    local name, is_authentic, later = ARGV[i], ARGV[i + 1] == '1', cjson.decode(ARGV[i + 2])
    local book, index = KEYS[1], KEYS[2]
    local sum = known(book, name)
    if strangers and not sum then
        sum = known(strangers, name)
        if is_authentic then
            forget(strangers, strangers_index, {name})
        else
            book, index = strangers, strangers_index
        end
    end
    sum = add(sum, later)
    redis.call('HSET', book, name, cjson.encode(sum))
    redis.call('ZADD', index, sum.last, name)
end

for i = 1, #KEYS, 2 do
    local book, index, names_max, kept_since = KEYS[i], KEYS[i + 1], tonumber(ARGV[i + 1]), ARGV[i + 2]
    forget(book, index, redis.call('ZRANGE', index, '-inf', '(' .. kept_since, 'BYSCORE', 'LIMIT', 0, dropped_max))
    local surplus = redis.call('ZCARD', index) - names_max
    if surplus > 0 then
        forget(book, index, redis.call('ZRANGE', index, 0, math.min(surplus, dropped_max) - 1))
    end
end
