-- bring_forward: the commonest report by far, an Interim that says more of an open session and changes nothing else. It
-- does what apply_accounting does with it, for half the work, or nothing: who is answered '' asks that one.
-- KEYS  account
-- ARGV  1 session field   2 event time (s)   3 reported session time (s)   4 input octets   5 output octets
--       6 fingerprint of the details   7 user name the record must have ('': do not ask)   8 arrival (s)
--       9 stale limit of users who have none of their own (s)   10 by how much session time may grow faster than our
--       clock (s)   11 'clamp' to charge no more than that
-- The account has the name and the organization of the record only while that is there, and while it has these.
-- Octets are 64-bit and stay texts.
local field, event, reported, input, output = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local fingerprint, username, arrival = ARGV[6], ARGV[7], ARGV[8]

local stored = redis.call('HMGET', KEYS[1], field, 'username', 'organization', 'credited', 'consumed', 'deadline',
    'stale_limit')
local is_his = stored[2] and (username == '' or username == stored[2])
local is_published = tonumber(stored[6])
if not stored[1] or not is_his or not is_published then return '' end

local number, previous, mark, charged, uncovered, input_before, output_before, start, age, known, heard = string.match(
    stored[1], '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%-?%d+) (%d+) (%x+) %- (%d+)$')
if known ~= fingerprint then return '' end

local used, elapsed, since_start = reported - mark, arrival - heard, event - start
local has_input_fallen = #input < #input_before or (#input == #input_before and input < input_before)
local has_output_fallen = #output < #output_before or (#output == #output_before and output < output_before)
if used <= 0 or elapsed < 0 or since_start < 0 or has_input_fallen or has_output_fallen then return '' end

local has_jumped = used > elapsed + ARGV[10]
if has_jumped and ARGV[11] == 'clamp' then return '' end

local credited, consumed, covered, balance = tonumber(stored[4]), tonumber(stored[5]) or 0, 0, nil
if credited then
    covered, balance = used, credited - consumed - used
    if balance < 0 then return '' end
    -- What may bring the deadline forward, as in apply_accounting.
    local is_ahead = used > elapsed
    if is_ahead and balance < redis.call('HLEN', KEYS[1]) * (stored[7] or ARGV[9]) then return '' end
end

redis.call('HSET', KEYS[1], field, string.format('%s %s %s %d %s %s %s %s %d %s - %s', number, previous, reported,
    charged + covered, uncovered, input, output, start, math.max(age, since_start), fingerprint, arrival),
    'consumed', string.format('%d', consumed + covered))
return string.format('updated %d 0 %s open %s - 0 %s %s %s running -', covered,
    balance and string.format('%d', balance) or '-', stored[3], has_jumped and 'time_jumped' or '-', number, start)
