using Atoll.Linker.Model;

namespace Atoll.Linker.Trampolines;

/// <summary>Every trampoline and processor table that the linker makes.</summary>
/// <remarks>The image holds those that something refers to.</remarks>
public static class Catalogue
{
    /// <summary>All fragments, in the order in which they lie within their place.</summary>
    public static IReadOnlyList<Fragment> All { get; } =
    [
        // From the boot loader to C#.
        new PvhEntry(),
        new MissingFeatureReport(),
        new BootLongModeEntry(),
        new CpuFeatureTable(),
        new BootMessages(),
        new BootGdtPointer(),
        .. BootPageTables.All,
        .. BootPages.All,

        // From an instance's tables, or from SIPI, to C#.
        new EnterInstance(),
        new ApStartCode(),

        // From an interrupt or exception to C#.
        new InterruptEntries(),
        new InterruptCommonPath(),
        new InterruptDescriptorTable(),
        new GlobalDescriptorTable(),
        new TaskStateSegment(),
        .. PseudoDescriptor.All,

        // From C# to single instructions.
        .. LeafStubs.All,
        new CpuidStub(),
        new ReadFlagsStub(),
        new ImageInfoStub(),
        new ExhaustStackStub(),
        new CallAddressStub(),
    ];
}
