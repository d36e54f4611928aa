using System.Numerics;
using System.Runtime.InteropServices;

namespace Atoll.Services.Lib;

/// <summary>Which of a thread's reply objects hold a caller that is answered later.</summary>
/// <remarks>Lies behind the thread's message buffer, so that an answer needs to know nothing but the reply object.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct ReplySet
{
    /// <summary>Most reply objects that a loop uses.</summary>
    public const uint Most = 64;

    private ulong _held;
    private uint _first;
    private uint _count;

    /// <summary>Reply objects in consecutive slots, none of which holds anybody.</summary>
    /// <param name="first">Slot of the first.</param>
    /// <param name="count">How many; those after <see cref="Most"/> are left alone.</param>
    public static ReplySet Of(uint first, uint count) => new() { _first = first, _count = count < Most ? count : Most };

    /// <summary>Whether there are two at least that hold nobody: one for who waits, one for the next message.</summary>
    public readonly bool CanHold
    {
        get
        {
            ulong free = FreeBits;
            return (free & (free - 1)) != 0;
        }
    }

    /// <summary>The first that holds nobody; 0: there is none.</summary>
    public readonly uint FirstFree
    {
        get
        {
            ulong free = FreeBits;
            return free == 0 ? 0 : _first + (uint)BitOperations.TrailingZeroCount(free);
        }
    }

    private readonly ulong FreeBits => ~_held & (_count == Most ? ~0UL : (1UL << (int)_count) - 1);

    /// <summary>Whether a reply object holds a caller.</summary>
    public readonly bool IsHeld(uint reply) => reply - _first < _count && (_held & Bit(reply)) != 0;

    /// <summary>A caller waits there from now on.</summary>
    public void Hold(uint reply) => _held |= Bit(reply);

    /// <summary>Nobody waits there any more.</summary>
    public void Free(uint reply) => _held &= ~Bit(reply);

    private readonly ulong Bit(uint reply) => 1UL << (int)(reply - _first);
}
