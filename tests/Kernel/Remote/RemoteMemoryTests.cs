using System.Runtime.InteropServices;
using Atoll.Cap;
using Atoll.Remote;

namespace Atoll.Kernel.Tests.Remote;

/// <summary>Where the records of what crosses lie (docs/memory-map.md): one table behind the other, and nothing outside.</summary>
public sealed unsafe class RemoteMemoryTests
{
    private const byte Dirt = 0xCC;
    private const nuint Margin = 4096;

    // Four bytes for each of the places in which a giver says what it gives on.
    private const ulong PlacesBytes = 64;

    /// <summary>Calls: one for each end, 32 at most. Callers of others: half as many, 32 at most.</summary>
    [Theory]
    [InlineData(1u, 1u, 1u)]
    [InlineData(4u, 4u, 2u)]
    [InlineData(31u, 31u, 16u)]
    [InlineData(33u, 32u, 17u)]
    [InlineData(63u, 32u, 32u)]
    [InlineData(200u, 32u, 32u)]
    public void Tables_LieBehindEachOther(uint ends, uint calls, uint callers)
    {
        nuint bytes = (nuint)RemoteState.BytesFor(ends);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(bytes + (2 * Margin), 4096);
        try
        {
            NativeMemory.Fill(memory, bytes + (2 * Margin), Dirt);
            RemoteState state = default;

            state.Begin((ulong)memory + Margin, ends, core: 0);

            ulong at = (ulong)memory + Margin + CapabilitySlot.SizeBytes;
            Assert.Equal((calls, callers), (state.Calls.Capacity, state.Callers.Capacity));
            Assert.Equal(at, state.Exports.Slot(0).Address);
            at += RemoteState.ExportsFor(ends) * CrossingEntry.SizeBytes;
            Assert.Equal(at, state.Imports.Slot(0).Address);
            at += (RemoteState.ImportsFor(ends) * CrossingEntry.SizeBytes) + (2 * CrossingIndex.BytesFor(ends)) + PlacesBytes;
            Assert.Equal(at, state.Calls.FirstOf<Reply>(0).Address);
            at += calls * (ulong)AwaitedCall.SizeBytes;
            Assert.Equal(at, state.Callers.FirstOf<Atoll.Cap.Thread>(0).Address);
            at += callers * (ulong)ForeignCaller.SizeBytes;
            Assert.Equal((ulong)memory + Margin + bytes, at);
            Assert.True(new ReadOnlySpan<byte>(memory, (int)Margin).IndexOfAnyExcept(Dirt) < 0, "before it");
            Assert.True(new ReadOnlySpan<byte>(memory + Margin + bytes, (int)Margin).IndexOfAnyExcept(Dirt) < 0, "behind it");
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>A full table says so, and a record that is given back is the next.</summary>
    [Fact]
    public void CallTable_HasAsManyAsItWasGiven()
    {
        AwaitedCall* records = stackalloc AwaitedCall[3];
        CallTable<AwaitedCall> table = default;
        table.Begin((ulong)records, 2);

        Assert.Equal([(true, 0u), (true, 1u)], new[] { Take(ref table), Take(ref table) });
        Assert.False(Take(ref table).IsTaken);
        Assert.Equal(3ul, table.Taken);
        table.Free(0);
        Assert.Equal((true, 0u), Take(ref table));
    }

    private static (bool IsTaken, uint Number) Take(ref CallTable<AwaitedCall> table) => (table.TryTake(out uint number), number);
}
