-- read_session_index: entries of an organization's sessions from a position on, newest first, at one instant.
-- KEYS  index
-- ARGV  1 lowest start (s)   2 highest start   3 of those with the highest start only members before this one ('': all)
--       4 how many at most   then the offset of each range of scores to look into
-- Returns the entries of one range after the other, each range in its order.
local index = KEYS[1]
local lowest, highest, member, most = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

-- As Redis orders members of one score; Lua's own comparison depends on the locale.
local function is_before(a, b)
    for i = 1, math.min(#a, #b) do
        local x, y = string.byte(a, i), string.byte(b, i)
        if x ~= y then return x < y end
    end
    return #a < #b
end

local function score(number) return string.format('%.0f', number) end

local entries = {}
for i = 5, #ARGV do
    local offset = tonumber(ARGV[i])
    local top = score(offset + highest)
    local first = redis.call('ZCOUNT', index, '(' .. top, '+inf')
    if member ~= '' then
        local low, high = first, first + redis.call('ZCOUNT', index, top, top)
        while low < high do
            local middle = math.floor((low + high) / 2)
            local found = redis.call('ZRANGE', index, middle, middle, 'REV')[1]
            if is_before(found, member) then high = middle else low = middle + 1 end
        end
        first = low
    end
    local last = redis.call('ZCOUNT', index, score(offset + lowest), '+inf') - 1
    last = math.min(last, first + most - 1)
    if first <= last then
        for _, entry in ipairs(redis.call('ZRANGE', index, first, last, 'REV')) do entries[#entries + 1] = entry end
    end
end
return entries
