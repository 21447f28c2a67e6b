-- apply_accounting: one report onto one session of one user. Atomic, and safe to repeat.
-- KEYS  user, account, closed, details
-- ARGV  1 session field   2 'start' | 'interim' | 'stop' | 'restart' (of the NAS) | 'stale' (nothing was heard since)
--       3 event time (s); of 'stale' the arrival of the last report that is known
--       4 reported session time (s)   5 input octets   6 output octets   7 fingerprint of the details   8 details
--       (parts behind their lengths; an empty one was not said)
--       9 user name the record must have ('': do not ask)   10 arrival (s)   11 retention of closed sessions (s)
--       12 organization under which a Start is listed already   13 stale limit of users who have none of their own (s)
--       14 by how much session time may grow faster than our clock (s)   15 'clamp' to charge no more than that
--       16 'there' if there must be a record
-- Returns words, '-' for none: outcome, charged, uncovered, balance or none, whether the field's session is 'open' or
-- 'closed', the user's organization (0: unknown), a deadline to publish or none, the number of the last visit,
-- 'time_jumped' | 'time_fell' | 'octets_fell' or none, then of the stay that the report was about: number (0: it is not
-- remembered), start, 'running', 'over', or 'quiet' (over, but no Stop was heard: it may go on), flag; outcome is 'opened',
-- 'updated', 'closed', 'duplicate', or alone 'another': there is no such record, or it has another user name.
-- Includes sessions.lua.
local user_key, account_key, closed_key, details_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local field, status, event, reported = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local input, output, fingerprint, details = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local username, arrival, retention, listed_under = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
local stale_limit, tolerance, is_clamped = tonumber(ARGV[13]), tonumber(ARGV[14]), ARGV[15] == 'clamp'
local sweep_interval = 3600
local fields_max = 128

local record = redis.call('HMGET', user_key, 'username', 'organization', 'expiration', 'profile', 'is_active')
if username ~= '' and record[1] ~= username or ARGV[16] == 'there' and not record[1] then return 'another' end
local organization = record[2] or '0'

local stored = redis.call('HMGET', account_key, 'credited', 'consumed', field, 'deadline', 'visits', 'stale_limit',
    'reserved', 'username', 'organization', 'sessions')
local credited, consumed = tonumber(stored[1]), tonumber(stored[2]) or 0
local published, visits = tonumber(stored[4]), stored[5] or '0'
local has_reservations = stored[7]
stale_limit = tonumber(stored[6]) or stale_limit
local charged, uncovered, anomaly = 0, 0, '-'
-- What may bring the user's deadline forward: one session more burns his balance, or more was used than what ran since
-- the last reports accounts for.
local has_joined, is_ahead = false, false

local function save_closed(name, session)
    redis.call('HSET', closed_key, name, format(session))
    if charged > 0 then redis.call('HSET', account_key, 'consumed', string.format('%d', consumed)) end
end

local function close(session, cause)
    session.closed_at, session.cause = event, cause
    if cause == 'stop' then session.heard = math.max(session.heard, arrival) end
    if session.is_new then redis.call('HSET', account_key, 'sessions', session.number) end
    redis.call('HDEL', account_key, field, 'h' .. field, 'username', 'organization')
    save_closed(field, session)

    -- Drops the marks of sessions not heard of for the retention time. The sum of what they were charged stays.
    local swept = tonumber(redis.call('HGET', closed_key, 'swept')) or 0
    if arrival - swept < sweep_interval then return end
    local forgotten = 0
    for _, each in ipairs(sessions_in(redis.call('HGETALL', closed_key))) do
        if arrival - each.heard > retention then
            forgotten = forgotten + each.charged
            redis.call('HDEL', closed_key, each.field)
            redis.call('HDEL', details_key, each.number, 'd' .. each.number)
        end
    end
    if forgotten > 0 then redis.call('HINCRBY', closed_key, 'forgotten', string.format('%d', forgotten)) end
    redis.call('HSET', closed_key, 'swept', ARGV[10])
end

local function is_greater(octets, than)
    if #octets ~= #than then return #octets > #than end
    return octets > than
end

local function parts_of(text)
    local parts, at = {}, 1
    while at <= #text do
        local length, from = string.match(text, '^(%d+):()', at)
        at = from + length
        parts[#parts + 1] = string.sub(text, from, at - 1)
    end
    return parts
end

-- What a report does not say keeps its value.
local function save_details(session)
    local text = details
    local before = not session.is_new and redis.call('HGET', details_key, session.number)
    if before then
        local known, said = parts_of(before), parts_of(details)
        for i = 1, math.max(#known, #said) do
            local part = (said[i] or '') ~= '' and said[i] or known[i] or ''
            said[i] = #part .. ':' .. part
        end
        text = table.concat(said)
    end
    redis.call('HSET', details_key, session.number, text)
end

-- Takes from the report what no later one has said. True if that changed anything.
local function take(session)
    local used = reported - session.mark
    if used < 0 then
        if event > session.start + session.age then anomaly = 'time_fell' end
        return false
    end
    local is_changed = used > 0
    local elapsed = math.max(0, arrival - session.heard)
    local believable = session.is_new and used or elapsed + tolerance
    if used > believable then anomaly = 'time_jumped' end
    is_ahead = used > (session.closed_at and 0 or elapsed)
    session.mark = reported
    if credited then
        local chargeable = is_clamped and math.min(used, believable) or used
        local covered = math.min(chargeable, math.max(0, credited - consumed))
        consumed, charged, uncovered = consumed + covered, covered, used - covered
        session.charged, session.uncovered = session.charged + charged, session.uncovered + uncovered
    end
    for _, octets in ipairs({{'input', input}, {'output', output}}) do
        local direction, counted = octets[1], octets[2]
        local has_grown = is_greater(counted, session[direction])
        if used > 0 and not has_grown and counted ~= session[direction] then anomaly = 'octets_fell' end
        if used > 0 or has_grown then
            is_changed = is_changed or counted ~= session[direction]
            session[direction] = counted
        end
    end
    if fingerprint ~= session.fingerprint then
        is_changed = true
        session.fingerprint = fingerprint
        save_details(session)
    end
    if is_changed then
        session.age = math.max(session.age, event - session.start)
        session.heard = math.max(session.heard, arrival)
    end
    return is_changed
end

local function open(previous)
    local start = status == 'start' and event or event - reported
    local flag = status == 'start' and listed_under == organization and '-' or 'u'
    local session = {
        number = (tonumber(stored[10]) or 0) + 1, previous = previous, mark = 0, charged = 0,
        uncovered = 0, input = '0', output = '0', start = start, age = 0, fingerprint = '0', flag = flag,
        heard = arrival, is_new = true
    }
    take(session)
    has_joined = true
    if has_reservations then
        -- Includes places.lua.
        -- The place is the session's from now on, with what is held for it.
        local reservations = reservations_in(redis.call('HGETALL', account_key))
        local reservation = reservation_for(field, details, reservations)
        if reservation then
            redis.call('HDEL', account_key, 'r' .. reservation.place)
            if #reservations == 1 then redis.call('HDEL', account_key, 'reserved') end
            if reservation.held then
                redis.call('HSET', account_key, 'h' .. field, string.format('%d', reservation.held))
            end
        end
    end
    return session
end

local current = stored[3] and parse(stored[3])
local closed = not current and redis.call('HGET', closed_key, field)
closed = closed and parse(closed)
local place = current and 'open' or 'closed'

-- A stay is over: late reports may still settle it, and do not open it again.
local function settle(name, session)
    local has_stopped = status == 'stop' and session.cause == 'stale'
    if has_stopped then session.closed_at, session.cause = event, 'stop' end
    local has_grown = status ~= 'start' and reported > session.mark
    if has_grown then take(session) end
    if has_grown or has_stopped then save_closed(name, session) end
    return has_grown and 'updated' or 'duplicate', place, session
end

-- What became of the report: outcome, place, and the stay that it was about.
local function apply()
    if status == 'stale' then
        if not current or current.heard ~= event then return 'duplicate', place end
        event = current.start + current.age
        close(current, 'stale')
        return 'closed', 'closed', current
    end

    if status == 'restart' then
        if current and current.start < event then
            close(current, 'nas')
            return 'closed', 'closed', current
        end
        -- From here on only what happened after the restart shows that the NAS still runs it.
        if closed and closed.cause == 'stale' and closed.start < event then
            closed.closed_at, closed.cause = event, 'nas'
            save_closed(field, closed)
        end
        return 'duplicate', place
    end

    -- Under a reused id, what happened before the current stay began belongs to one before it.
    local stay = current or closed
    if stay and event < stay.start and stay.previous > 0 then
        -- Or it repeats the Start of the current one, by a NAS whose reports carry no time: the lists may miss that one.
        if status == 'start' then return 'duplicate', place, stay end
        local name
        repeat
            name = field .. '#' .. stay.previous
            local earlier = redis.call('HGET', closed_key, name)
            if not earlier then return 'duplicate', place end
            stay = parse(earlier)
        until event >= stay.start or stay.previous == 0
        return settle(name, stay)
    end

    if current then
        if status == 'start' then return 'duplicate', place, current end
        local is_changed = take(current)
        if status == 'stop' then
            close(current, 'stop')
            return 'closed', 'closed', current
        end
        if not is_changed then return 'duplicate', place, current end
        return 'updated', place, current
    end

    if closed then
        local is_restarted = closed.cause == 'nas'
        -- Where the clock of the NAS was put back meanwhile; or, without a Stop, by a NAS whose reports carry no time.
        local is_repeated = event == closed.start or (closed.cause == 'stale' and event <= closed.start + tolerance)
        local is_later = event > closed.closed_at or (is_restarted and event == closed.closed_at)
        if status == 'start' and is_later and not is_repeated then
            redis.call('HDEL', closed_key, field)
            redis.call('HSET', closed_key, field .. '#' .. closed.number, format(closed))
            local reused = open(closed.number)
            return 'opened', 'open', reused
        end
        -- The NAS said that it restarted, or was silent, and still runs the session.
        local goes_on = closed.cause == 'stale' or (is_restarted and event > closed.closed_at)
        if status == 'interim' and goes_on and reported > closed.mark then
            take(closed)
            closed.flag, closed.closed_at = 'u', nil
            has_joined = true
            redis.call('HDEL', closed_key, field)
            return 'updated', 'open', closed
        end
        return settle(field, closed)
    end

    local opened = open(0)
    if status == 'stop' then
        close(opened, 'stop')
        return 'closed', 'closed', opened
    end
    return 'opened', 'open', opened
end

local outcome, stay
outcome, place, stay = apply()
local runs = stay and not stay.closed_at

-- When somebody must look after the user's sessions, if that is not published or comes earlier. A visit works out the
-- next deadline, and those that depend on more than is known here: a profile's, and of very many sessions.
-- Nothing counts as published until note_deadline says so: whoever was told may die, and the report that comes again
-- brings nothing new.
local deadline
if not published or has_joined or is_ahead then
    local runs_anew = has_joined and runs
    local expiration = tonumber(string.match(record[3] or '', '^%-?%d+'))
    local has_profile = record[4] and record[4] ~= '' and record[4] ~= '[]'
    local fields = redis.call('HLEN', account_key) + 1
    if runs_anew and (has_profile or record[5] == '0') then
        deadline = arrival
    elseif published and (not credited or credited - consumed >= fields * stale_limit) then
        -- All could be silent for too long before the balance is gone. When he expires may have been set while none ran.
        deadline = runs_anew and expiration
    elseif fields > fields_max then
        deadline = arrival
    else
        -- The sessions burn the balance together until it is gone, he expires, or one of them was silent for too long.
        local first_heard, sum, count = math.huge, 0, 0
        local sessions = sessions_in(redis.call('HGETALL', account_key))
        if runs then sessions[#sessions + 1] = stay end
        for _, session in ipairs(sessions) do
            if session == stay or not runs or session.field ~= field then
                first_heard, sum, count = math.min(first_heard, session.heard), sum + session.heard, count + 1
            end
        end
        if count > 0 then
            deadline = first_heard + stale_limit
            if credited then deadline = math.min(deadline, math.ceil((credited - consumed + sum) / count)) end
            deadline = math.max(0, math.min(deadline, expiration or deadline))
        end
    end
    local is_earlier = deadline and not (published and deadline >= published)
    deadline = is_earlier and string.format('%d', deadline)
end

local writes = deadline and {'deadline', '?' .. deadline} or {}
local function write(name, value) writes[#writes + 1], writes[#writes + 2] = name, value end
if runs and outcome ~= 'duplicate' then
    write(field, format(stay))
    write('consumed', string.format('%d', consumed))
    if stay.is_new then write('sessions', string.format('%d', stay.number)) end
    -- For report_step.hpp. write_user keeps it true, and remove_user takes it away.
    if record[1] and (stored[8] ~= record[1] or stored[9] ~= organization) then
        write('username', record[1])
        write('organization', organization)
    end
end
if #writes > 0 then redis.call('HSET', account_key, unpack(writes)) end

local state = runs and 'running' or (stay and stay.cause ~= 'stop' and 'quiet' or 'over')
return string.format('%s %d %d %s %s %s %s %s %s %d %d %s %s', outcome, charged, uncovered,
    credited and string.format('%d', credited - consumed) or '-', place, organization, deadline or '-',
    deadline and visits or '0', anomaly, stay and stay.number or 0, stay and stay.start or 0, state,
    stay and stay.flag or '-')
