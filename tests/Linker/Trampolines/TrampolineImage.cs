using Atoll.Abi;
using Atoll.Linker.Model;
using Atoll.Linker.Trampolines;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>The catalogue laid out by the rules of docs/image.md, with stand-ins for what others define.</summary>
/// <remarks>The second opinion on where things lie: it shares nothing with the linker's passes.</remarks>
internal sealed class TrampolineImage
{
    private const ulong Page = ImageLayout.PageSizeBytes;

    private readonly Dictionary<string, ulong> _addresses = [];

    /// <summary>Lays out the catalogue.</summary>
    /// <param name="shiftBytes">Moves everything but the segments' beginnings: another image.</param>
    public TrampolineImage(ulong shiftBytes = 0)
    {
        ulong low = ImageLayout.BootSegmentBase;
        low = Place(SymbolNames.BootCodeStart, FragmentPlace.BootCode, SymbolNames.BootCodeEnd, low, shiftBytes);
        low = Place(null, FragmentPlace.BootReadOnly, null, low, shiftBytes);
        _addresses[SymbolNames.BootDataCopy] = low;
        low += DataPages * Page;
        BootEnd = Place(null, FragmentPlace.BootZero, null, low, shiftBytes);

        ulong high = ImageLayout.ImageBase;
        _addresses[SymbolNames.BootMain] = high + 0x1000;
        _addresses[SymbolNames.InstanceMain] = high + 0x1100;
        _addresses[SymbolNames.Trap] = high + 0x1200;
        _addresses[SymbolNames.Call] = high + 0x1300;
        _addresses[SymbolNames.ReplyReceive] = high + 0x1400;
        _addresses[SymbolNames.SystemCall] = high + 0x1500;
        _addresses[SymbolNames.UserTrap] = high + 0x1600;
        _addresses[SymbolNames.Idle] = high + 0x1700;
        high = Place(SymbolNames.TextStart, FragmentPlace.Text, SymbolNames.TextEnd, high, 0x2000 + shiftBytes);
        _addresses[SymbolNames.ImageInfo] = high + 0x40;
        ulong constants = 0x1000 + shiftBytes;
        high = Place(SymbolNames.ReadOnlyStart, FragmentPlace.ReadOnly, SymbolNames.ReadOnlyEnd, high, constants);
        _addresses[SymbolNames.DataFileEnd] = high + Page + 0x123;
        _addresses[SymbolNames.DataLoadStart] = ToPhysical(high);
        Place(SymbolNames.DataStart, FragmentPlace.Data, null, high, shiftBytes);
        _addresses[SymbolNames.DataEnd] = high + (DataPages * Page);
    }

    /// <summary>Pages of data: two with bytes in the file (the second in part), one of zeros.</summary>
    public const int DataPages = 3;

    /// <summary>End of the boot segment.</summary>
    public ulong BootEnd { get; }

    /// <summary>Symbols by name.</summary>
    public IReadOnlyDictionary<string, ulong> Addresses => _addresses;

    /// <summary>Finds a fragment.</summary>
    public static Fragment Find(string name) => Catalogue.All.Single(fragment => fragment.Name == name);

    /// <summary>Physical address by docs/image.md: the image is loaded in one piece at 2 MiB.</summary>
    public static ulong ToPhysical(ulong imageAddress) => imageAddress - 0xFFFF_FFFF_8000_0000;

    /// <summary>Address of a symbol.</summary>
    public ulong this[string symbol] => _addresses[symbol];

    /// <summary>Emits a fragment where it lies.</summary>
    public byte[] Emit(string name) => Emit(Find(name));

    /// <inheritdoc cref="Emit(string)"/>
    public byte[] Emit(Fragment fragment) => fragment.Emit(new Context(this, fragment));

    private ulong Place(string? start, FragmentPlace place, string? end, ulong address, ulong skipBytes)
    {
        if (start is not null)
        {
            _addresses[start] = address;
        }

        address += skipBytes;
        foreach (Fragment fragment in Catalogue.All.Where(fragment => fragment.Place == place))
        {
            address = AlignUp(address, (ulong)fragment.AlignmentBytes);
            _addresses[fragment.Name] = address;
            foreach ((string name, int offset) in fragment.InnerSymbols)
            {
                _addresses[name] = address + (ulong)offset;
            }

            address += (ulong)fragment.SizeBytes;
        }

        address = AlignUp(address, Page);
        if (end is not null)
        {
            _addresses[end] = address;
        }

        return address;
    }

    private static ulong AlignUp(ulong address, ulong alignment) => (address + alignment - 1) & ~(alignment - 1);

    /// <summary>Answers only for symbols that the fragment has announced.</summary>
    private sealed class Context(TrampolineImage image, Fragment fragment) : IFragmentContext
    {
        public ulong Address => image[fragment.Name];

        public ulong AddressOf(string symbol) => fragment.References.Contains(symbol)
            ? image[symbol]
            : throw new InvalidOperationException($"{fragment.Name} asks for {symbol} without having announced it.");
    }
}
