using Atoll.Services.Pci;

namespace Atoll.Services.Tests.Pci;

/// <summary>A bus of functions as a test describes them: registers by the offsets of PCI Local Bus Specification 3.0.</summary>
internal sealed class FakeBus
{
    private readonly Dictionary<ushort, FakeFunction> _functions = [];

    /// <summary>How often configuration space was read.</summary>
    public int Reads { get; private set; }

    /// <summary>A function.</summary>
    public FakeFunction this[int bus, int device, int function] => _functions[Key(bus, device, function)];

    /// <summary>Puts a function there.</summary>
    public FakeFunction Add(int bus, int device, int function, uint identifier)
    {
        FakeFunction made = new();
        made.Words[0] = identifier;
        _functions[Key(bus, device, function)] = made;
        return made;
    }

    public uint Read(ushort place, uint offset)
    {
        Reads++;
        Assert.True(offset < 256 && offset % 4 == 0);
        return _functions.TryGetValue(place, out FakeFunction? function) ? function.Read(offset) : 0xFFFF_FFFF;
    }

    public void Write(ushort place, uint offset, uint value)
    {
        if (_functions.TryGetValue(place, out FakeFunction? function))
        {
            function.Write(offset, value);
        }
    }

    private static ushort Key(int bus, int device, int function) => (ushort)((bus << 8) | (device << 3) | function);
}

/// <summary>A function.</summary>
internal sealed class FakeFunction
{
    public uint[] Words { get; } = new uint[64];

    /// <summary>Base address registers: bits that stay when ones are written.</summary>
    public Dictionary<uint, uint> Masks { get; } = [];

    /// <summary>What it reads as, in place of everything; null: what is there.</summary>
    public Func<uint, uint>? Lies { get; set; }

    /// <summary>What was written, in order.</summary>
    public List<(uint Offset, uint Value)> Written { get; } = [];

    /// <summary>Command register.</summary>
    public uint Command => Words[1] & 0xFFFF;

    /// <summary>Memory of 2^bits bytes behind a base address register of 32 bits.</summary>
    public FakeFunction Bar(uint bar, uint address, int bits)
    {
        Words[4 + bar] = address;
        Masks[0x10 + (4 * bar)] = ~((1u << bits) - 1);
        return this;
    }

    /// <summary>The same of 64 bits.</summary>
    public FakeFunction WideBar(uint bar, ulong address, int bits)
    {
        Words[4 + bar] = (uint)address | 4;
        Words[5 + bar] = (uint)(address >> 32);
        Masks[0x10 + (4 * bar)] = ~((1u << bits) - 1);
        Masks[0x14 + (4 * bar)] = 0xFFFF_FFFF;
        return this;
    }

    /// <summary>A table of interrupts.</summary>
    public FakeFunction Interrupts(uint at, int vectors, uint bar, uint offset)
    {
        Words[1] |= 1u << 20;
        Words[13] = at;
        Words[at / 4] = 0x11 | ((uint)(vectors - 1) << 16);
        Words[(at / 4) + 1] = offset | bar;
        return this;
    }

    public uint Read(uint offset) => Lies?.Invoke(offset) ?? Words[offset / 4];

    public void Write(uint offset, uint value)
    {
        Written.Add((offset, value));
        if (Masks.TryGetValue(offset, out uint mask))
        {
            // The lowest bits say what kind it is, and do not change.
            Words[offset / 4] = (value & mask) | (Words[offset / 4] & (mask == 0xFFFF_FFFF ? 0 : 15u));
        }
        else if (offset == 4)
        {
            Words[1] = (Words[1] & 0xFFFF_0000) | (value & 0xFFFF);
        }
        else if (offset >= 0x40)
        {
            Words[offset / 4] = value;
        }
    }
}

/// <summary>As the service sees it.</summary>
internal readonly struct BusOfTest(FakeBus bus) : IConfigurationSpace
{
    public uint Read(FunctionPlace place, uint offset) => bus.Read(place.Raw, offset);

    public void Write(FunctionPlace place, uint offset, uint value) => bus.Write(place.Raw, offset, value);
}
