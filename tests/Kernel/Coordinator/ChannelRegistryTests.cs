using System.Runtime.InteropServices;
using Atoll.Coordinator;

namespace Atoll.Kernel.Tests.Coordinator;

/// <summary>The memory of the records of channels.</summary>
public sealed unsafe class ChannelRegistryTests
{
    /// <summary>
    /// Nothing before or behind the memory is touched, and records do not overlap what finds them: of two cores they take less than that.
    /// </summary>
    [Theory]
    [InlineData(2u, 4u)]
    [InlineData(255u, 1u)]
    public void Begin_TouchesItsOwnMemory_Only(uint cores, uint ends)
    {
        const byte Dirt = 0xCC;
        const nuint Margin = 16 * 1024;
        nuint bytes = (nuint)ChannelRegistry.BytesFor(cores, ends);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(bytes + (2 * Margin), 64);
        try
        {
            NativeMemory.Fill(memory, bytes + (2 * Margin), Dirt);
            ChannelRegistry registry = default;

            registry.Begin((ulong)memory + Margin, cores, ends);

            Assert.True(new ReadOnlySpan<byte>(memory, (int)Margin).IndexOfAnyExcept(Dirt) < 0, "before it");
            Assert.True(new ReadOnlySpan<byte>(memory + Margin + bytes, (int)Margin).IndexOfAnyExcept(Dirt) < 0, "behind it");
            ReadOnlySpan<byte> records = new(memory + Margin, (int)(cores * ends * ChannelRecord.SizeBytes));
            Assert.True(records.IndexOfAnyExcept(Dirt) < 0, "a record that was never used");
            Assert.Equal(0u, registry.Used);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
