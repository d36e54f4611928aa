using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Lib;

/// <summary>Who may say of which program that it hangs: pairs of badges in the supervisor's arguments, <c>{net}={virtio-net}</c>.</summary>
public struct HangTellers
{
    private const int Most = 8;

    private Pairs _pairs;
    private int _count;

    /// <summary>Reads them. What is no pair of badges lets nobody say anything.</summary>
    public static HangTellers Of(ReadOnlySpan<byte> arguments)
    {
        HangTellers tellers = default;
        ArgumentReader reader = new(arguments);
        while (tellers._count < Most && reader.TryNext(out ReadOnlySpan<byte> key, out ulong program))
        {
            if (ArgumentReader.TryNumber(key, out ulong teller))
            {
                tellers._pairs[tellers._count++] = new Pair(teller, program);
            }
        }

        return tellers;
    }

    /// <summary>Whether somebody may say it.</summary>
    /// <param name="teller">Badge of who does.</param>
    /// <param name="program">Position of the program; its badge is one more.</param>
    public readonly bool May(ulong teller, uint program)
    {
        bool may = false;
        for (int pair = 0; pair < _count; pair++)
        {
            may |= _pairs[pair].Teller == teller && _pairs[pair].Program == (ulong)program + 1;
        }

        return may;
    }

    private readonly struct Pair(ulong teller, ulong program)
    {
        internal readonly ulong Teller = teller;
        internal readonly ulong Program = program;
    }

    [InlineArray(Most)]
    private struct Pairs
    {
        private Pair _pair0;
    }
}
