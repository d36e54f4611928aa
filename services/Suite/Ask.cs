using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>Operations in raw words: a test says things that the typed wrappers of services/Lib would not.</summary>
internal static class Ask
{
    internal static SystemResult Do(ulong address, ulong operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        (SystemResult)Words(address, operation, word0, word1, word2, word3).Result;

    internal static CallAnswer Words(ulong address, ulong operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        Ipc.CallShort(address, MessageHeader.Of(operation, MessageHeader.RegisterWords), word0, word1, word2, word3);

    internal static SystemResult Root(CNodeOperation operation, ulong word0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        Do(RootSlot.CNode, (ulong)operation, word0, word1, word2, word3);

    /// <summary>Type and rights of a slot of the root CNode: bits 0 to 7 and 8 to 15.</summary>
    internal static ulong Kind(uint slot) => Words(RootSlot.CNode, (ulong)CNodeOperation.Describe, slot).Word0;

    internal static CapabilityType TypeOf(uint slot) => (CapabilityType)(byte)Kind(slot);

    /// <summary>What <see cref="CNodeOperation.Describe"/> says of a slot besides: free bytes of an untyped, a badge, where it is mapped.</summary>
    internal static ulong Detail(uint slot)
    {
        _ = Setting.Root.Describe(slot, out _, out ulong detail);
        return detail;
    }

    /// <summary>Physical address of a frame.</summary>
    internal static ulong Physical(uint frame) => Words(frame, (ulong)FrameOperation.GetAddress).Word0;

    /// <summary>A register of a thread, by its place in <see cref="ThreadContext"/>.</summary>
    internal static ulong Register(uint thread, uint index) => Words(thread, (ulong)ThreadOperation.GetRegisters, index).Word0;

    /// <summary>State of a thread: its number in the kernel, 0 when it is stopped.</summary>
    internal static ulong StateOf(uint thread) => (byte)Words(thread, (ulong)ThreadOperation.Describe).Word0;

    /// <summary>What stopped a thread.</summary>
    internal static ulong FaultOf(uint thread) => Words(thread, (ulong)ThreadOperation.Describe).Word0 >> 16;

    internal static ulong SourceAt(uint index, uint source) => index | ((ulong)source << 32);

    internal static ulong Retype(CapabilityType type, uint sizeBits = 0, uint count = 1) =>
        (ulong)type | ((ulong)sizeBits << 8) | ((ulong)count << 16);
}
