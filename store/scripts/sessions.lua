-- Sessions, for the scripts that include this. One is a text of decimals: number, number of the one before under the
-- same id, mark (largest session time), charged, uncovered, input octets, output octets, start, seconds from the start
-- to the last report, fingerprint, flag; an open one goes on with the arrival of its last report, a closed one with the
-- time of its end, the cause of that ('stop' | 'nas' | 'stale' | 'removed') and the arrival of its last report. 'u' flags a
-- session that the lists of the NAS and of the organization may miss; else the flag is '-'.
-- Octets are 64-bit and stay texts: a Lua number is a double and rounds above 2^53.

local function parse(text)
    local number, previous, mark, paid, unpaid, octets_in, octets_out, start, age, print, flag, rest = string.match(
        text, '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%-?%d+) (%d+) (%x+) (%S)(.*)$')
    local closed_at, cause, heard = string.match(rest, '^ (%-?%d+) (%a+) (%d+)$')
    heard = heard or string.match(rest, '^ (%d+)$') or start + age
    return {
        number = tonumber(number), previous = tonumber(previous), mark = tonumber(mark),
        charged = tonumber(paid), uncovered = tonumber(unpaid), input = octets_in, output = octets_out,
        start = tonumber(start), age = tonumber(age), fingerprint = print, flag = flag,
        closed_at = tonumber(closed_at), cause = cause, heard = tonumber(heard)
    }
end

local function format(session)
    local text = string.format('%d %d %d %d %d %s %s %d %d %s %s', session.number, session.previous, session.mark,
        session.charged, session.uncovered, session.input, session.output, session.start, session.age,
        session.fingerprint, session.flag)
    if not session.closed_at then return string.format('%s %d', text, session.heard) end
    return string.format('%s %d %s %d', text, session.closed_at, session.cause, session.heard)
end

-- Those of a whole hash, as HGETALL gives it.
local function sessions_in(hash)
    local sessions = {}
    for i = 1, #hash, 2 do
        if string.match(hash[i], '^s%d') then
            local session = parse(hash[i + 1])
            session.field = hash[i]
            sessions[#sessions + 1] = session
        end
    end
    return sessions
end

-- What open sessions have used since their last reports, each at most the stale limit.
local function unreported(sessions, now, stale_limit)
    local sum = 0
    for _, session in ipairs(sessions) do
        sum = sum + math.max(0, math.min(now - session.heard, stale_limit))
    end
    return sum
end
