using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>Lookups by address: guards, several levels, what is resolved when a lookup fails.</summary>
public sealed unsafe class CSpaceTests : IDisposable
{
    private readonly HostPages _pages = new(8);
    private ulong _used;

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(15u)]
    public void PlainRoot_AddressIsAnIndex(uint index)
    {
        ObjectPointer<CapabilitySlot> slots = Slots(4);
        CapabilitySlot root = Node(slots, radix: 4, guardBits: 60, guard: 0);

        Assert.Equal(slots.Address + (index * 64), CSpace.Walk(in root, index, out uint depth).Address);
        Assert.Equal(64u, depth);
    }

    /// <summary>16 is past the guard: bit 4 is one of its zeros.</summary>
    [Theory]
    [InlineData(16UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void PlainRoot_RefusesWhatIsPastItsEnd(ulong address)
    {
        CapabilitySlot root = Node(Slots(4), radix: 4, guardBits: 60, guard: 0);

        Assert.True(CSpace.Walk(in root, address, out uint depth).IsNull);
        Assert.Equal(0u, depth);
    }

    /// <summary>8 bits of guard 0xA5, 8 of radix; in slot 0x3C a node with 40 bits of guard 7 and 8 of radix.</summary>
    [Fact]
    public void TwoLevels_TakeGuardAndRadixFromTheTop()
    {
        ObjectPointer<CapabilitySlot> upper = Slots(8);
        ObjectPointer<CapabilitySlot> lower = Slots(8);
        CapabilitySlot root = Node(upper, radix: 8, guardBits: 8, guard: 0xA5);
        Put(upper, 0x3C, lower, radix: 8, guardBits: 40, guard: 7);

        const ulong address = 0xA53C_0000_0000_0755;
        Assert.Equal(lower.Address + (0x55 * 64), CSpace.Walk(in root, address, out uint depth).Address);
        Assert.Equal(64u, depth);

        Assert.True(CSpace.Walk(in root, address ^ (1UL << 56), out depth).IsNull);
        Assert.Equal(0u, depth);
        Assert.True(CSpace.Walk(in root, address ^ (1UL << 8), out depth).IsNull);
        Assert.Equal(16u, depth);
        Assert.True(CSpace.Walk(in root, address ^ (1UL << 48), out depth).IsNull);
        Assert.Equal(16u, depth);
    }

    /// <summary>64 nodes of one bit each, all without a guard: the deepest CSpace that there is.</summary>
    [Fact]
    public void DeepestCSpace_TakesABitEach()
    {
        var levels = new List<ObjectPointer<CapabilitySlot>>();
        for (int level = 0; level < 64; level++)
        {
            levels.Add(Slots(1));
        }

        for (int level = 0; level < 63; level++)
        {
            Put(levels[level], (ulong)(level % 2), levels[level + 1], radix: 1, guardBits: 0, guard: 0);
        }

        CapabilitySlot root = Node(levels[0], radix: 1, guardBits: 0, guard: 0);
        Assert.Equal(levels[63].Address + 64, CSpace.Walk(in root, 0x5555_5555_5555_5555, out uint depth).Address);
        Assert.Equal(64u, depth);
        Assert.True(CSpace.Walk(in root, 0x5155_5555_5555_5555, out depth).IsNull);
        Assert.Equal(6u, depth);
    }

    /// <summary>60 bits are gone after two levels; the third wants 3 of guard and 2 of radix.</summary>
    [Fact]
    public void NodeThatWantsMoreBitsThanAreLeft_IsRefused()
    {
        ObjectPointer<CapabilitySlot> upper = Slots(4);
        ObjectPointer<CapabilitySlot> lower = Slots(2);
        CapabilitySlot root = Node(upper, radix: 4, guardBits: 56, guard: 0);
        Put(upper, 1, lower, radix: 2, guardBits: 3, guard: 0);

        Assert.True(CSpace.Walk(in root, 0x10, out uint depth).IsNull);
        Assert.Equal(60u, depth);
    }

    [Fact]
    public void EmptyRoot_FindsNothing()
    {
        CapabilitySlot root = default;
        Assert.True(CSpace.Walk(in root, 0, out uint depth).IsNull);
        Assert.Equal(0u, depth);
    }

    public void Dispose() => _pages.Dispose();

    private static CapabilitySlot Node(ObjectPointer<CapabilitySlot> slots, byte radix, uint guardBits, ulong guard) => new()
    {
        Type = CapabilityType.CNode,
        SizeBits = radix,
        Extra = guardBits,
        Object = slots.Address,
        Badge = guard,
    };

    private static void Put(
        ObjectPointer<CapabilitySlot> slots, ulong index, ObjectPointer<CapabilitySlot> node, byte radix, uint guardBits, ulong guard) =>
        CNode.Slot(slots, index).Value = Node(node, radix, guardBits, guard);

    private ObjectPointer<CapabilitySlot> Slots(int radix)
    {
        CapabilitySlot place = new() { Object = (ulong)_pages.Start + _used };
        _used += 64UL << radix;
        Assert.True(_used <= (ulong)_pages.Count * HostPages.PageBytes);
        return place.Slots;
    }
}
