namespace Atoll.Services.Net.Stack;

/// <summary>
/// A half-open connection that is kept by the peer: our initial sequence number says what we would have to remember.
/// Source: RFC 4987, "SYN Cookies".
/// </summary>
/// <remarks>
/// 32 bits: 5 of the minute, 2 of the segment size, 25 of a keyed hash over flow, minute, size and the peer's initial
/// number. Window scale, SACK and time stamps are lost.
/// </remarks>
internal static class SynCookie
{
    private const int HashBits = 25;
    private const uint HashMask = (1u << HashBits) - 1;
    private const uint MinuteMask = 31;
    private const ulong Minute = 60 * StackLimits.Second;

    public static uint Make(in NetStack stack, in Flow flow, uint peerInitial, int mss)
    {
        uint size = mss >= 1460 ? 3u : mss >= 1400 ? 2u : mss >= 1216 ? 1u : 0;
        return Compose(stack, flow, peerInitial, (uint)(stack.Now / Minute), size);
    }

    /// <summary>Whether a number is a cookie of ours, of this minute or the last, and what segment size it says.</summary>
    public static bool TryRead(in NetStack stack, in Flow flow, uint peerInitial, uint cookie, out int mss)
    {
        uint size = (cookie >> HashBits) & 3;
        mss = size switch { 3 => 1460, 2 => 1400, 1 => 1216, _ => 536 };
        uint minute = (uint)(stack.Now / Minute);
        for (uint age = 0; age < 2 && age <= minute; age++)
        {
            if (cookie == Compose(stack, flow, peerInitial, minute - age, size))
            {
                return true;
            }
        }

        return false;
    }

    private static uint Compose(in NetStack stack, in Flow flow, uint peerInitial, uint minute, uint size)
    {
        // Two hashes, because one takes three words: the second binds minute, size and the peer's number to the flow's.
        ulong flowHash = stack.State.Random.Of(flow, Purpose.SynCookie);
        ulong hash = stack.State.Random.Of(flowHash, ((ulong)peerInitial << 32) | (minute << 2) | size);
        return ((minute & MinuteMask) << 27) | (size << HashBits) | ((uint)hash & HashMask);
    }
}
