-- apply_accounting: one report onto one session of one user. Atomic, and safe to repeat.
-- KEYS  user, account, closed, details
-- ARGV  1 session field   2 'start' | 'interim' | 'stop' | 'restart' (of the NAS)   3 event time (s)
--       4 reported session time (s)   5 input octets   6 output octets   7 fingerprint of the details   8 details
--       9 user name the record must have ('': do not ask)   10 arrival (s)   11 retention of closed sessions (s)
--       12 organization under which a Start is listed already
-- Returns {outcome, charged, uncovered, balance or nil, whether the field's session is 'open' or 'closed', the user's
-- organization (0: unknown), then of the stay that the report was about: number (0: it is not remembered), start,
-- 'running' or 'over', flag}; outcome is 'opened', 'updated', 'closed', 'duplicate', or alone 'renamed': the record
-- has another user name.
--
-- A session is a text of decimals: number, number of the one before under the same id, mark (largest session time),
-- charged, uncovered, input octets, output octets, start, seconds from the start to the last report, fingerprint,
-- flag; a closed one goes on with the time of the closing event, its cause ('stop' | 'nas') and the arrival of the
-- last report. 'u' flags a session that the lists of the NAS and of the organization may miss; else the flag is '-'.
-- Octets are 64-bit and stay texts: a Lua number is a double and rounds above 2^53.
local user_key, account_key, closed_key, details_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local field, status, event, reported = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local input, output, fingerprint, details = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local username, arrival, retention, listed_under = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local sweep_interval = 3600

local record = redis.call('HMGET', user_key, 'username', 'organization')
if username ~= '' and record[1] ~= username then return {'renamed'} end
local organization = record[2] or '0'

local stored = redis.call('HMGET', account_key, 'credited', 'consumed', field)
local credited, consumed = tonumber(stored[1]), tonumber(stored[2]) or 0
local charged, uncovered = 0, 0

local function parse(text)
    local number, previous, mark, paid, unpaid, octets_in, octets_out, start, age, print, flag, rest = string.match(
        text, '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%-?%d+) (%d+) (%x+) (%S)(.*)$')
    local closed_at, cause, heard = string.match(rest, '^ (%-?%d+) (%a+) (%d+)$')
    return {
        number = tonumber(number), previous = tonumber(previous), mark = tonumber(mark),
        charged = tonumber(paid), uncovered = tonumber(unpaid), input = octets_in, output = octets_out,
        start = tonumber(start), age = tonumber(age), fingerprint = print, flag = flag,
        closed_at = tonumber(closed_at), cause = cause, heard = tonumber(heard)
    }
end

local function format(session)
    return string.format('%d %d %d %d %d %s %s %d %d %s %s', session.number, session.previous, session.mark,
        session.charged, session.uncovered, session.input, session.output, session.start, session.age,
        session.fingerprint, session.flag)
end

local function save_open(session)
    redis.call('HSET', account_key, field, format(session), 'consumed', string.format('%d', consumed))
end

local function save_closed(name, session)
    redis.call('HSET', closed_key, name,
        string.format('%s %d %s %d', format(session), session.closed_at, session.cause, arrival))
    if charged > 0 then redis.call('HSET', account_key, 'consumed', string.format('%d', consumed)) end
end

-- Drops the marks of sessions not heard of for the retention time. The sum of what they were charged stays.
local function sweep()
    local swept = tonumber(redis.call('HGET', closed_key, 'swept')) or 0
    if arrival - swept < sweep_interval then return end
    local entries = redis.call('HGETALL', closed_key)
    local forgotten = 0
    for i = 1, #entries, 2 do
        local session = string.match(entries[i], '^s%d') and parse(entries[i + 1])
        if session and arrival - session.heard > retention then
            forgotten = forgotten + session.charged
            redis.call('HDEL', closed_key, entries[i])
            redis.call('HDEL', details_key, session.number, 'd' .. session.number)
        end
    end
    if forgotten > 0 then redis.call('HINCRBY', closed_key, 'forgotten', string.format('%d', forgotten)) end
    redis.call('HSET', closed_key, 'swept', ARGV[10])
end

local function close(session, cause)
    session.closed_at, session.cause = event, cause
    redis.call('HDEL', account_key, field)
    save_closed(field, session)
    sweep()
end

local function is_greater(octets, than)
    if #octets ~= #than then return #octets > #than end
    return octets > than
end

-- Takes from the report what no later one has said. True if that changed anything.
local function take(session)
    local used = reported - session.mark
    if used < 0 then return false end
    local is_changed = used > 0
    session.mark = reported
    if credited then
        local covered = math.min(used, math.max(0, credited - consumed))
        consumed, charged, uncovered = consumed + covered, covered, used - covered
        session.charged, session.uncovered = session.charged + charged, session.uncovered + uncovered
    end
    if used > 0 or is_greater(input, session.input) then
        is_changed = is_changed or input ~= session.input
        session.input = input
    end
    if used > 0 or is_greater(output, session.output) then
        is_changed = is_changed or output ~= session.output
        session.output = output
    end
    if fingerprint ~= session.fingerprint then
        is_changed = true
        session.fingerprint = fingerprint
        redis.call('HSET', details_key, session.number, details)
    end
    if is_changed then session.age = math.max(session.age, event - session.start) end
    return is_changed
end

local function answer(outcome, place, stay)
    local about = stay and {stay.number, stay.start, stay.closed_at and 'over' or 'running', stay.flag}
        or {0, 0, 'over', '-'}
    return {
        outcome, charged, uncovered, credited and credited - consumed or false, place, organization, unpack(about)
    }
end

local function open(previous)
    local start = status == 'start' and event or event - reported
    local flag = status == 'start' and listed_under == organization and '-' or 'u'
    local session = {
        number = redis.call('HINCRBY', account_key, 'sessions', 1), previous = previous, mark = 0, charged = 0,
        uncovered = 0, input = '0', output = '0', start = start, age = 0, fingerprint = '0', flag = flag
    }
    take(session)
    return session
end

local current = stored[3] and parse(stored[3])
local place = current and 'open' or 'closed'

-- A stay is over: late reports may still settle it, and do not open it again.
local function settle(name, session)
    if status == 'start' or reported <= session.mark then return answer('duplicate', place, session) end
    take(session)
    save_closed(name, session)
    return answer('updated', place, session)
end

local closed = not current and redis.call('HGET', closed_key, field)
closed = closed and parse(closed)

if status == 'restart' then
    if not current or current.start >= event then return answer('duplicate', place) end
    close(current, 'nas')
    return answer('closed', 'closed', current)
end

-- Under a reused id, what happened before the current stay began belongs to one before it.
local stay = current or closed
if stay and event < stay.start and stay.previous > 0 then
    local name
    repeat
        name = field .. '#' .. stay.previous
        local earlier = redis.call('HGET', closed_key, name)
        if not earlier then return answer('duplicate', place) end
        stay = parse(earlier)
    until event >= stay.start or stay.previous == 0
    return settle(name, stay)
end

if current then
    if status == 'start' then return answer('duplicate', place, current) end
    local is_changed = take(current)
    if status == 'stop' then
        close(current, 'stop')
        return answer('closed', 'closed', current)
    end
    if not is_changed then return answer('duplicate', place, current) end
    save_open(current)
    return answer('updated', place, current)
end

if closed then
    local is_restarted = closed.cause == 'nas'
    if status == 'start' and (event > closed.closed_at or (is_restarted and event == closed.closed_at)) then
        redis.call('HDEL', closed_key, field)
        redis.call('HSET', closed_key, field .. '#' .. closed.number,
            string.format('%s %d %s %d', format(closed), closed.closed_at, closed.cause, closed.heard))
        local reused = open(closed.number)
        save_open(reused)
        return answer('opened', 'open', reused)
    end
    -- The NAS said that it restarted, and still runs the session.
    if status == 'interim' and is_restarted and event > closed.closed_at and reported > closed.mark then
        take(closed)
        closed.flag, closed.closed_at = 'u', nil
        redis.call('HDEL', closed_key, field)
        save_open(closed)
        return answer('updated', 'open', closed)
    end
    return settle(field, closed)
end

local opened = open(0)
if status == 'stop' then
    close(opened, 'stop')
    return answer('closed', 'closed', opened)
end
save_open(opened)
return answer('opened', 'open', opened)
