using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Channels;
using Atoll.Kernel.Tests.Syscall.Model;
using Program = Atoll.Kernel.Tests.Syscall.Model.Program;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>A receive with the flag Rings rings the two channels that its first words name, and nothing else (docs/system-calls.md; decision 0226).</summary>
public sealed unsafe class RingingReceiveTests : ProgramTest
{
    private const int Ends = 4;
    private const uint Peer = 9;
    private const uint FirstFree = 50;
    private readonly ChannelEntry* _entries = (ChannelEntry*)NativeMemory.AlignedAlloc((Ends + 1) * ChannelEntry.SizeBytes, 64);

    public RingingReceiveTests()
        : base(CallPath.Fast)
    {
        NativeMemory.Clear(_entries, (Ends + 1) * ChannelEntry.SizeBytes);
        World.Kernel.Channels.Begin((ulong)_entries, Ends, core: 1);
    }

    [Theory]
    [InlineData(true, 0, 1, "rings the first two")]
    [InlineData(true, 2, 2, "the same twice")]
    [InlineData(true, 1, -1, "the second word names nothing")]
    [InlineData(true, -1, 1, "the first word names no channel")]
    [InlineData(false, 0, 1, "without the flag")]
    public void Channels_OfTheFirstTwoWords_AreRung(bool hasFlag, int first, int second, string what)
    {
        Program program = World.Spawn("ringer", 10);
        uint notification = Make(CapabilityType.Notification);
        Start();
        for (uint end = 0; end < 3; end++)
        {
            Assert.Equal(SystemResult.Ok, Invoke(
                program, KernelWorld.InstanceSlot, InstanceControlOperation.Connect, Peer, end, program.Base + KernelWorld.CNodeSlot, FirstFree + end));
            World.Kernel.Channels[end].State = ChannelState.Open;
            World.Kernel.Channels[end].Owes = ChannelDebts.None;
        }

        ulong Word(int end) => program.Base + (end < 0 ? notification : FirstFree + (uint)end);
        SystemResult result = Ask(
            program, (ulong)SystemCall.Receive | NonBlocking | (hasFlag ? SystemCallFlags.Rings : 0), notification, word0: Word(first), word1: Word(second));

        Assert.Equal(SystemResult.WouldBlock, result);
        Assert.True(
            Enumerable.Range(0, 3).All(end => HasRung(end) == (hasFlag && (end == first || end == second))),
            $"{what}: rung {string.Join(' ', Enumerable.Range(0, 3).Where(HasRung))}");
        World.Kernel.Channels = default;
        NativeMemory.AlignedFree(_entries);
    }

    private bool HasRung(int end) => (World.Kernel.Channels[(uint)end].Owes & ChannelDebts.Ring) != 0;
}
