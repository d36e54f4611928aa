using Atoll.Linker.Model;
using Atoll.Linker.Trampolines.UserMode;

namespace Atoll.Linker.Trampolines;

/// <summary>Every trampoline and processor table that the linker makes.</summary>
/// <remarks>The image holds those that something refers to.</remarks>
public static class Catalogue
{
    /// <summary>C# that handles interrupts from ring 3 makes an image one that has a ring 3.</summary>
    private const string UserModeRoot = SymbolNames.UserTrap;

    /// <summary>All fragments, in the order in which they lie within their place.</summary>
    public static IReadOnlyList<Fragment> All { get; } = Of(hasUserMode: true, _ => 0);

    private static readonly IReadOnlyList<Fragment> s_withoutUserMode = Of(hasUserMode: false, _ => 0);

    /// <summary>The fragments of one image.</summary>
    public static IReadOnlyList<Fragment> Of(LinkImage image) => image.Objects.Exists(input => input.Defines(UserModeRoot))
        ? Of(hasUserMode: true, new VectorUse(image).Of)
        : s_withoutUserMode;

    private static IReadOnlyList<Fragment> Of(bool hasUserMode, Func<string, int> vectorUse) =>
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
        new InterruptEntries(hasUserMode),
        .. WakeEntry.All,
        new InterruptCommonPath(),
        new InterruptDescriptorTable(),
        new GlobalDescriptorTable(),
        new TaskStateSegment(),
        .. PseudoDescriptor.All,

        // From ring 3 to C#, and back.
        .. hasUserMode ? UserModeFragments(vectorUse) : [],

        // From C# to single instructions.
        .. LeafStubs.All,
        new CpuidStub(),
        new ReadFlagsStub(),
        new ImageInfoStub(),
        new ExhaustStackStub(),
        new CallAddressStub(),
    ];

    private static IReadOnlyList<Fragment> UserModeFragments(Func<string, int> vectorUse) =>
    [
        new SyscallEntry(vectorUse),
        new UserSwitch(),
        new InterruptOrigin(),
        new UserRun(),
        new UserPark(),
        new UserIdle(),
        new InitialFpuState(),
        new SyscallEntryStub(),
        new UserResumeStub(),
    ];
}
