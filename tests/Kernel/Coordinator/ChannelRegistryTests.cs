using System.Runtime.InteropServices;
using Atoll.Coordinator;
using Atoll.Instance;
using Atoll.Mm;

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

    /// <summary>Who asks for a channel with a core waits for its next life, whether it asked before that core's death or behind it: programs cannot tell the two apart.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RequestForTheDead_WaitsForItsNextLife(bool isBeforeTheDeath)
    {
        const uint Survivor = 0, Dead = 1;
        using RegistryOfTwo two = new();
        if (!isBeforeTheDeath)
        {
            two.Registry.Died(ref two.Pool, Dead);
        }

        two.Ask(Survivor, Dead, isThere: true);
        if (isBeforeTheDeath)
        {
            two.Registry.Died(ref two.Pool, Dead);
        }

        Assert.Equal((ChannelStage.Waiting, false), (two.Registry[0].Stage, two.Registry.OwesAnswers));
    }

    /// <summary>A request of the dead is nobody's, and one for a core that the machine does not have is refused.</summary>
    [Fact]
    public void RequestOfTheDead_GoesAndOneForNoCore_IsRefused()
    {
        const uint Asker = 1, NoCore = 7;
        using RegistryOfTwo two = new();

        two.Ask(Asker, peer: 0, isThere: true);
        two.Ask(Asker, NoCore, isThere: false);
        Assert.Equal((ChannelStage.Waiting, ChannelStage.Refused), (two.Registry[0].Stage, two.Registry[1].Stage));
        two.Registry.Died(ref two.Pool, Asker);

        Assert.Equal((ChannelStage.Free, ChannelStage.Free), (two.Registry[0].Stage, two.Registry[1].Stage));
    }

    private sealed class RegistryOfTwo : IDisposable
    {
        private const uint Cores = 2;
        private const uint EndsEach = 4;

        private readonly void* _memory = NativeMemory.AlignedAlloc((nuint)ChannelRegistry.BytesFor(Cores, EndsEach), 64);
        private InstanceState _state;
        private ChannelRegistry _registry;
        private FramePool _pool;

        public RegistryOfTwo() => _registry.Begin((ulong)_memory, Cores, EndsEach);

        public ref ChannelRegistry Registry => ref _registry;

        public ref FramePool Pool => ref _pool;

        public void Ask(uint asker, uint peer, bool isThere)
        {
            ChannelEnd end = default;
            end.Core = asker;
            _registry.Ask(ref _state, ref _pool, end, peer, name: 9, isThere);
        }

        public void Dispose() => NativeMemory.AlignedFree(_memory);
    }
}
