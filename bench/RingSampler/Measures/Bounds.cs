using Atoll.RingSampler.Machine;

namespace Atoll.RingSampler.Measures;

/// <summary>What the processors can do at best: nothing but the movement of cache lines, without any queue.</summary>
internal static unsafe class Bounds
{
    /// <summary>One line goes there and back: ticks for a round trip. Also the probe that tells how near the processors are.</summary>
    internal static Sample OneLine(PinnedPair pair, uint count)
    {
        using var memory = new LineMemory(LineMemory.LineBytes);
        return PingPong(pair, (ulong*)memory.Start, (ulong*)memory.Start, count);
    }

    /// <summary>A line for each direction, each written by one side only: ticks for a round trip.</summary>
    internal static Sample TwoLines(PinnedPair pair, uint count)
    {
        // A page apart: neighbouring lines may be fetched together.
        using var memory = new LineMemory(2 * LineMemory.PageBytes);
        return PingPong(pair, (ulong*)memory.Start, (ulong*)(memory.Start + LineMemory.PageBytes), count);
    }

    /// <summary>All lines of a block go over at once, read and then written by each side in turn: ticks for a line and a turn.</summary>
    /// <remarks>The loads are independent of each other, so as many are under way as the processor can hold.</remarks>
    internal static Sample HandOff(PinnedPair pair, int lineCount, uint turns)
    {
        using var memory = new LineMemory(lineCount * LineMemory.LineBytes);
        byte* lines = memory.Start;
        ulong ticks = 0;
        bool isUndisturbed = pair.Run(() => ticks = Turns(first: 0), () => Turns(first: 1));
        return new Sample((double)ticks / ((double)turns * lineCount), isUndisturbed);

        ulong Turns(uint first)
        {
            ulong start = TimestampCounter.Read();
            for (uint turn = first; turn < turns; turn += 2)
            {
                TakeTurn(lines, lineCount, turn);
            }

            return TimestampCounter.Read() - start;
        }
    }

    private static Sample PingPong(PinnedPair pair, ulong* request, ulong* answer, uint count)
    {
        ulong ticks = 0;
        bool isUndisturbed = pair.Run(() => ticks = Ask(request, answer, count), () => Answer(request, answer, count));
        return new Sample((double)ticks / count, isUndisturbed);
    }

    private static ulong Ask(ulong* request, ulong* answer, uint count)
    {
        Pace pace = default;
        ulong start = TimestampCounter.Read();
        for (ulong turn = 1; turn < 2UL * count; turn += 2)
        {
            Volatile.Write(ref *request, turn);
            Await(answer, turn + 1, ref pace);
        }

        return TimestampCounter.Read() - start;
    }

    private static void Answer(ulong* request, ulong* answer, uint count)
    {
        Pace pace = default;
        for (ulong turn = 1; turn < 2UL * count; turn += 2)
        {
            Await(request, turn, ref pace);
            Volatile.Write(ref *answer, turn + 1);
        }
    }

    private static void TakeTurn(byte* lines, int lineCount, uint turn)
    {
        Pace pace = default;
        int sizeBytes = lineCount * LineMemory.LineBytes;
        Await((ulong*)(lines + sizeBytes - LineMemory.LineBytes), turn, ref pace);
        ulong sum = 0;
        for (int line = 0; line < sizeBytes; line += LineMemory.LineBytes)
        {
            sum += *(ulong*)(lines + line);
        }

        if (sum != (ulong)turn * (ulong)lineCount)
        {
            throw new InvalidDataException("a line arrived before what was written ahead of it");
        }

        for (int line = 0; line < sizeBytes; line += LineMemory.LineBytes)
        {
            Volatile.Write(ref *(ulong*)(lines + line), turn + 1);
        }
    }

    private static void Await(ulong* word, ulong value, ref Pace pace)
    {
        while (Volatile.Read(ref *word) != value)
        {
            pace.Wait();
        }
    }
}
