using Microsoft.CodeAnalysis;

namespace Atoll.Contracts;

/// <summary>Every rule of the package. Each has a page in the package's own docs folder.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor Object = Of("ATL2001", Guarantees.NoGC, "Object created", "'{0}' is {1}, and this creates an object: {2}");
    public static readonly DiagnosticDescriptor Array = Of("ATL2002", Guarantees.NoGC, "Array created", "'{0}' is {1}, and this creates an array: {2}");
    public static readonly DiagnosticDescriptor Boxing = Of("ATL2003", Guarantees.NoGC, "Value boxed", "'{0}' is {1}, and this boxes a value: {2}");
    public static readonly DiagnosticDescriptor Delegate = Of("ATL2004", Guarantees.NoGC, "Delegate created", "'{0}' is {1}, and this creates a delegate: {2}");
    public static readonly DiagnosticDescriptor Text = Of("ATL2005", Guarantees.NoGC, "String built", "'{0}' is {1}, and this builds a string: {2}");
    public static readonly DiagnosticDescriptor StateMachine = Of("ATL2006", Guarantees.NoGC, "Iterator object created", "'{0}' is {1}, and a call of it creates an object: {2}");
    public static readonly DiagnosticDescriptor CallAllocates = Of("ATL2007", Guarantees.NoGC, "Call allocates", "'{0}' is {1}, and this call allocates: {2}");
    public static readonly DiagnosticDescriptor Lock = Of("ATL2101", Guarantees.NoLock, "Lock taken", "'{0}' is {1}, and this takes a lock: {2}");
    public static readonly DiagnosticDescriptor CallLocks = Of("ATL2102", Guarantees.NoLock, "Call takes a lock", "'{0}' is {1}, and this call takes a lock: {2}");
    public static readonly DiagnosticDescriptor Throw = Of("ATL2201", Guarantees.NoThrow, "Exception thrown", "'{0}' is {1}, and this throws: {2}");
    public static readonly DiagnosticDescriptor CallThrows = Of("ATL2202", Guarantees.NoThrow, "Call throws", "'{0}' is {1}, and this call may throw: {2}");
    public static readonly DiagnosticDescriptor HiddenThrow = Of("ATL2203", Guarantees.NoThrow, "Hidden exception", "'{0}' is {1}, and this may throw: {2}");
    public static readonly DiagnosticDescriptor Recursion = Of("ATL2301", Guarantees.NoRecursion, "Recursion", "'{0}' is {1}, and this call comes back to it: {2}");
    public static readonly DiagnosticDescriptor CallBlocks = Of("ATL2401", Guarantees.NoBlock, "Blocking call", "'{0}' is {1}, and this may wait: {2}");
    public static readonly DiagnosticDescriptor Leak = Create(
        "ATL2501", "Atoll.Resources", "Resource not disposed", "'{0}' is {1}, and this is never disposed: {2}",
        "A resource that is made in a method with a contract is disposed there, handed on or kept.");

    public static readonly DiagnosticDescriptor Unknown = Create(
        "ATL2901", "Atoll.Unknown", "Not known", "'{0}' is {1}, and nothing says that this keeps {2}: {3}",
        "A virtual call, a delegate, a type parameter or a member without a contract: not proved, and not called clean.");

    public static readonly DiagnosticDescriptor Ratchet = Create(
        "ATL2902", "Atoll.Unknown", "Ratchet of unknowns differs", "'{0}': the list says {1} unknown, and there are {2}",
        "The list may only shrink: correct the number, or mend the code.", isAtEnd: true);

    public static readonly DiagnosticDescriptor Reason = Create(
        "ATL2903", "Atoll.Contracts", "Allowance without a reason", "[AllowAlloc] of '{0}' gives no reason, so it allows nothing",
        "Whoever reads the code later must be able to see why an allocation is right here.");

    public static readonly DiagnosticDescriptor List = Create(
        "ATL2904", "Atoll.Contracts", "Contract list not understood", "Line not understood: {0}",
        "A line is a documentation id, a blank and the letters of what it keeps (GLTRB) or breaks (gltrb); in Atoll.unknowns.txt, a number.", isAtEnd: true);

    /// <summary>All of them, in the order of their ids.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        Object, Array, Boxing, Delegate, Text, StateMachine, CallAllocates, Lock, CallLocks, Throw, CallThrows, HiddenThrow,
        Recursion, CallBlocks, Leak, Unknown, Ratchet, Reason, List,
    ];

    /// <summary>The rule that reports a call by what the callee breaks.</summary>
    public static DiagnosticDescriptor OfCall(Guarantees broken) =>
        broken switch
        {
            Guarantees.NoGC => CallAllocates,
            Guarantees.NoLock => CallLocks,
            Guarantees.NoThrow => CallThrows,
            Guarantees.NoRecursion => Recursion,
            _ => CallBlocks,
        };

    private static DiagnosticDescriptor Of(string id, Guarantees guarantee, string title, string message) =>
        Create(id, "Atoll." + guarantee, title, message, $"A method that is [{guarantee}] does not do this, nor does anything that it calls.");

    private static DiagnosticDescriptor Create(
        string id, string category, string title, string message, string description, bool isAtEnd = false) =>
        new(id, title, message, category, DiagnosticSeverity.Warning, isEnabledByDefault: true, description,
            $"docs/{id}.md", isAtEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}
