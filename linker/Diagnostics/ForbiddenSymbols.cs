namespace Atoll.Linker.Diagnostics;

/// <summary>Symbols of the .NET runtime and the C library that compiled code asks for, and what the programmer wrote to
/// cause it.</summary>
/// <remarks>The names are those of ILC 10.0.14 and RyuJIT (docs/decisions); a name that ends in * stands for all that
/// begin so.</remarks>
public static class ForbiddenSymbols
{
    /// <summary>Defined when a static constructor could not be evaluated at compile time.</summary>
    public const string EagerCctor = "__EagerCctor";

    /// <summary>Called by the prologue of a function whose frame is over a page.</summary>
    public const string StackProbe = "RhpStackProbe";

    private static readonly (string Name, string Cause)[] s_causes =
    [
        ("RhpNewFast*", "'new' of a class allocates on a heap; use a struct, or memory that is handed in"),
        ("RhpNewFinalizable*", "'new' of a class with a finaliser allocates on a heap; use a struct"),
        ("RhpNewArray*", "'new T[n]' allocates an array on a heap; use an InlineArray or a constant ReadOnlySpan"),
        ("RhpNewPtrArray*", "'new T[n]' allocates an array on a heap; use an InlineArray"),
        ("RhpNewObject*", "'new' allocates on a heap; use a struct"),
        ("RhNew*", "'new' allocates on a heap; use a struct or an InlineArray"),
        ("RhBox*", "a struct is boxed, which allocates; use a generic parameter in place of object or an interface"),
        ("RhpThrow*", "'throw' needs the exception runtime; return a result, or Check.That for a bug"),
        ("RhpRethrow*", "'throw' needs the exception runtime; return a result"),
        ("RhThrow*", "'throw' needs the exception runtime; return a result"),
        ("RhpCallFinallyFunclet*", "exception handling needs the exception runtime; use no try"),
        ("RhpCallCatchFunclet*", "exception handling needs the exception runtime; use no try"),
        ("RhpAssignRef*", "a reference is stored in an object and a garbage collector told; hold none"),
        ("RhpCheckedAssignRef*", "a reference is stored through a ref and a garbage collector told; hold none"),
        ("RhpByRefAssignRef*", "a struct with references is copied and a garbage collector told; hold none"),
        ("RhpPInvoke*", "DllImport or 'delegate* unmanaged' enters a runtime's native mode; use RuntimeImport"),
        ("RhpReversePInvoke*", "UnmanagedCallersOnly leaves a runtime's native mode; use RuntimeExport"),
        ("RhpTrapThreads", "a call polls for garbage collections; use RuntimeImport with InternalCall"),
        ("RhpGcPoll*", "a loop polls for garbage collections; use RuntimeImport with InternalCall"),
        ("RhpInitialDynamic*", "a call through an interface is resolved at run time; use a generic parameter"),
        ("RhpInterfaceDispatch*", "a call through an interface is resolved at run time; use a generic parameter"),
        ("RhpLockCmpXchg*", "Interlocked on references needs the runtime; use plain loads and stores of Arch"),
        ("RhpFallbackFailFast", "stackalloc or a fixed buffer makes the compiler guard the frame; use an InlineArray"),
        ("__security_cookie", "stackalloc or a fixed buffer makes the compiler guard the frame; use an InlineArray"),
        ("__tls_get_addr", "thread-local storage; an instance has one thread: use a field of its state"),
        ("g_cpuFeatures", "an instruction set is tested at run time; compile with --instruction-set:x86-64-v2"),
        ("fmod*", "'%' on floating point calls the C library; the kernel computes with integers"),
        ("RhpDbl2*", "a conversion from floating point calls the runtime; the kernel computes with integers"),
        ("memcpy", "a struct is copied by the C library; copy it field by field or through SpanHelpers.Memmove"),
        ("memmove", "memory is moved by the C library; use SpanHelpers.Memmove"),
        ("memset", "memory is filled by the C library; use SpanHelpers.Fill"),
    ];

    /// <summary>Says what the programmer did to make the compiler ask for a symbol; false when the symbol is no runtime
    /// symbol.</summary>
    public static bool TryExplain(string symbol, out string cause)
    {
        foreach ((string name, string explained) in s_causes)
        {
            bool matches = name.EndsWith('*')
                ? symbol.StartsWith(name.AsSpan(..^1), StringComparison.Ordinal)
                : symbol == name;
            if (matches)
            {
                cause = explained;
                return true;
            }
        }

        cause = "";
        return false;
    }
}
