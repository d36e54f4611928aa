using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pair;

/// <summary>Answers what the caller asks, until it is asked to fail.</summary>
internal struct Answerer : IPairServer
{
    private const int FarBehind = 4096;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => Deadline.Never;

    /// <inheritdoc/>
    public readonly ulong Next(in Caller caller, ulong number) => number + 1;

    /// <inheritdoc/>
    public readonly PairAnswer Mirror(in Caller caller, ReadOnlySpan<byte> bytes, Span<byte> mirrored, out uint length)
    {
        length = 0;
        if (bytes.Length > mirrored.Length)
        {
            return PairAnswer.NoRoom;
        }

        for (int index = 0; index < bytes.Length; index++)
        {
            mirrored[index] = bytes[bytes.Length - 1 - index];
        }

        length = (uint)bytes.Length;
        return PairAnswer.Done;
    }

    /// <inheritdoc/>
    public readonly void Fail(in Caller caller) => ProgramExit.End(Index("a failed check"u8, FarBehind));

    /// <inheritdoc/>
    public readonly void Signalled(ulong bits)
    {
    }

    /// <inheritdoc/>
    public readonly void Elapsed()
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte Index(ReadOnlySpan<byte> text, int at) => text[at];
}
