namespace Atoll.Linker.Model;

/// <summary>What kind of image a link makes: where it lies, who enters it, and what the linker adds to it.</summary>
/// <param name="IsProgram">Whether it runs in ring 3.</param>
/// <param name="EntrySymbol">Where a loader that knows no note starts.</param>
/// <param name="Image">Addresses of text, read-only data and data.</param>
/// <param name="Boot">Addresses of the boot segment; null when there is none.</param>
/// <param name="Fragments">Trampolines and tables, in order within their place, once objects are read; the image holds
/// those that something reaches.</param>
/// <param name="Tables">Notes and tables that describe the image itself.</param>
/// <param name="Roots">Symbols that must be there and keep what they reach.</param>
/// <param name="BootRoots">Those of them whose code has run for the last time when the first instance begins.</param>
public sealed record LinkProfile(
    bool IsProgram,
    string EntrySymbol,
    AddressWindow Image,
    AddressWindow? Boot,
    Func<LinkImage, IReadOnlyList<Fragment>> Fragments,
    Func<LinkImage, IReadOnlyList<Fragment>> Tables,
    IReadOnlyList<string> Roots,
    IReadOnlyList<string> BootRoots);

/// <summary>Addresses that segments may have.</summary>
/// <param name="Name">For diagnostics.</param>
/// <param name="VirtualBase">First virtual address.</param>
/// <param name="PhysicalBase">First physical address.</param>
/// <param name="SizeBytes">Bytes.</param>
public sealed record AddressWindow(string Name, ulong VirtualBase, ulong PhysicalBase, ulong SizeBytes);
