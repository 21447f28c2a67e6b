-- Places, for the scripts that include this behind sessions.lua: where a user is in or on his way in, and which seconds
-- of his balance are held there. A place is a NAS and a Calling-Station-Id, each behind its length; who has no such id has
-- a place of his own.
-- A login that was let in reserves its place as the account's field 'r' and the place: the second until which the
-- reservation lasts, and the seconds that it holds ('-': none). The session that follows takes it away, and holds the
-- seconds, from its start on, as the field 'h' and its own field. 'reserved' is there while reservations are.

local calling_station_id = 6  -- its place among the details of a session

-- Where the part that begins there, behind its length, ends; nil if there is none.
local function end_of_part(text, first)
    local length, begin = string.match(text, '^(%d+):()', first)
    return length and begin + length - 1
end

local function nas_of(field) return string.sub(field, 2, end_of_part(field, 2)) end

local function place_of(field, details)
    local first, last = 1, 0
    for _ = 1, calling_station_id do
        first, last = last + 1, end_of_part(details or '', last + 1)
        if not last then return nas_of(field) .. field end
    end
    local station = string.sub(details, first, last)
    return nas_of(field) .. (station == '0:' and field or station)
end

-- Those of a whole account, as HGETALL gives it.
local function reservations_in(hash)
    local reservations = {}
    for i = 1, #hash, 2 do
        local place = string.match(hash[i], '^r(%d.*)$')
        if place then
            local ends, held = string.match(hash[i + 1], '^(%d+) (%S+)$')
            reservations[#reservations + 1] = {place = place, ends = tonumber(ends), held = tonumber(held)}
        end
    end
    return reservations
end

-- The reservation that a session of that field was let in by: of its place, else the oldest of its NAS; or nil.
local function reservation_for(field, details, reservations)
    local place, nas, oldest = place_of(field, details), nas_of(field), nil
    for _, each in ipairs(reservations) do
        if each.place == place then return each end
        local is_of_nas = string.sub(each.place, 1, #nas) == nas
        if is_of_nas and (not oldest or each.ends < oldest.ends) then oldest = each end
    end
    return oldest
end
