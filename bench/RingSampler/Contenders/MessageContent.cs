using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Atoll.Abi;

namespace Atoll.RingSampler.Contenders;

/// <summary>What the messages say: message n holds the words n to n + 6, all written and all read.</summary>
internal static class MessageContent
{
    /// <summary>From one message's sum to the next's: the number of words.</summary>
    internal const ulong SumStep = 7;

    private const ulong SumOfOffsets = 0 + 1 + 2 + 3 + 4 + 5 + 6;

    /// <summary>Writes message <paramref name="number"/>, with the widest stores that this process has, as a C++ compiler would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Write(out RingMessage message, ulong number)
    {
        Unsafe.SkipInit(out message);
        if (Vector256.IsHardwareAccelerated)
        {
            (Vector256.Create(number) + Vector256.Create(0UL, 1, 2, 3)).StoreUnsafe(ref message.Payload.Word0);
            (Vector128.Create(number) + Vector128.Create(4UL, 5)).StoreUnsafe(ref message.Payload.Word4);
        }
        else
        {
            message.Payload.Word0 = number;
            message.Payload.Word1 = number + 1;
            message.Payload.Word2 = number + 2;
            message.Payload.Word3 = number + 3;
            message.Payload.Word4 = number + 4;
            message.Payload.Word5 = number + 5;
        }

        message.Payload.Word6 = number + 6;
        message.Meta = 0;
    }

    /// <summary>Sum of all words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Sum(ref readonly RingMessage message) =>
        message.Payload.Word0 + message.Payload.Word1 + message.Payload.Word2 + message.Payload.Word3
        + message.Payload.Word4 + message.Payload.Word5 + message.Payload.Word6;

    /// <summary>What <see cref="Sum"/> is for message <paramref name="number"/>.</summary>
    internal static ulong SumOf(ulong number) => (SumStep * number) + SumOfOffsets;
}
