using Atoll.Linker.Diagnostics;

namespace Atoll.Linker.Proof;

/// <summary>What the proof can object to: 905x, one for each property (docs/proof.md).</summary>
public static class ProofDiagnostics
{
    /// <summary>The file cannot be understood, so nothing about it is proved.</summary>
    public static DiagnosticDescriptor Unreadable { get; } = new(
        "ATL9050", "Image cannot be proved", "What cannot be read is not run: link it again.");

    /// <summary>An instruction locks.</summary>
    public static DiagnosticDescriptor Lock { get; } = new(
        "ATL9051", "Locked instruction", "Kernels share no word that two write: use plain loads and stores of Arch.");

    /// <summary>A privileged instruction where none is declared.</summary>
    public static DiagnosticDescriptor Privileged { get; } = new(
        "ATL9052",
        "Undeclared privileged instruction",
        "Only trampolines have them, and each declares which (CodeClaims.Privileged); C# calls a stub.");

    /// <summary>A symbol of a runtime.</summary>
    public static DiagnosticDescriptor ForbiddenSymbol { get; } = new(
        "ATL9053", "Runtime symbol in the image", "The image has no .NET runtime: write it without.");

    /// <summary>A branch to something that is no instruction.</summary>
    public static DiagnosticDescriptor BranchTarget { get; } = new(
        "ATL9054",
        "Branch to no instruction",
        "Calls lead to functions, jumps to instructions of their own function or to functions.");

    /// <summary>An indirect call or jump with unknown targets.</summary>
    public static DiagnosticDescriptor IndirectTarget { get; } = new(
        "ATL9055",
        "Undeclared indirect transfer",
        "Only a switch is proved by itself: call by name, or in a trampoline claim where it leads.");

    /// <summary>A stack that is too small.</summary>
    public static DiagnosticDescriptor StackOverflow { get; } = new(
        "ATL9056", "Stack too small", "Shorten the chain of calls, or enlarge the stack in ImageLayout.");

    /// <summary>A stack depth that nobody knows.</summary>
    public static DiagnosticDescriptor StackUnknown { get; } = new(
        "ATL9057",
        "Stack depth unknown",
        "Every path of a function must reach a place with one depth, and no call may come back to itself.");

    /// <summary>A vector register used before it is saved.</summary>
    public static DiagnosticDescriptor VectorRegister { get; } = new(
        "ATL9058",
        "Vector register used before it is saved",
        "An interrupt must not change what it interrupts: save all that the handler uses.");

    /// <summary>Access to memory that is too wide.</summary>
    public static DiagnosticDescriptor SegmentAccess { get; } = new(
        "ATL9059",
        "Segment access",
        "No page of an image is both writable and executable, and none belongs to two segments.");

    /// <summary>Something in padding.</summary>
    public static DiagnosticDescriptor Padding { get; } = new(
        "ATL9060",
        "Padding is not empty",
        "Between functions there are INT3s, elsewhere zeros: anything else would be loaded without a name.");

    /// <summary>A claim that nothing needs.</summary>
    public static DiagnosticDescriptor IdleClaim { get; } = new(
        "ATL9061", "Claim that nothing needs", "What is trusted must be listed exactly: remove the claim.");

    /// <summary>A header or note by which a loader would do something else than was proved.</summary>
    public static DiagnosticDescriptor Loader { get; } = new(
        "ATL9062",
        "A loader is told something else",
        "What is loaded, where, and where it starts must be what was proved (docs/proof.md, What a loader reads).");

    /// <summary>A way to or from ring 3 that leaves something behind.</summary>
    public static DiagnosticDescriptor UserExit { get; } = new(
        "ATL9063",
        "Register that is not the program's",
        "Whoever goes to ring 3 has its own in every register, or nothing; whoever comes from there is put away first.");

    /// <summary>A fence that the protocol between cores names is not there.</summary>
    public static DiagnosticDescriptor Fence { get; } = new(
        "ATL9064",
        "Fence of the protocol is missing",
        "Call Fence between the store and the look; linker/Proof/Fences/FencePoint.cs names the steps (docs/explorer.md).");

    /// <summary>Boot code that something needs later.</summary>
    public static DiagnosticDescriptor BootCode { get; } = new(
        "ATL9065",
        "Boot code that is needed later",
        "The boot segment's memory has other uses once the first instance runs: keep there what only the way to it needs (docs/image.md, Boot code).");

    /// <summary>All kinds, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        Unreadable, Lock, Privileged, ForbiddenSymbol, BranchTarget, IndirectTarget, StackOverflow, StackUnknown,
        VectorRegister, SegmentAccess, Padding, IdleClaim, Loader, UserExit, Fence, BootCode,
    ];
}
