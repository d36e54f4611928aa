using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>What is known without IL: methods that the runtime provides, and what is called blocking.</summary>
/// <remarks>Each is confirmed by running like any other member; nothing here makes a member clean by itself.</remarks>
internal static class Axioms
{
    private static readonly Knowing s_clean = default;
    private static readonly Knowing s_allocates = new(Knowledge.Broken, Knowledge.Kept, Knowledge.Kept, Knowledge.Kept, Knowledge.Kept);
    private static readonly Knowing s_locks = new(Knowledge.Kept, Knowledge.Broken, Knowledge.Kept, Knowledge.Kept, Knowledge.Broken);
    private static readonly Knowing s_releases = default(Knowing) with { T = Knowledge.Broken };
    private static readonly Knowing s_waits = new(Knowledge.Unknown, Knowledge.Unknown, Knowledge.Unknown, Knowledge.Kept, Knowledge.Broken);

    // The JIT writes all its bodies; those in the IL throw, and are never run.
    private const string Unsafe = "System.Runtime.CompilerServices.Unsafe";

    // Types all of whose methods without IL compute and do nothing else.
    private static readonly HashSet<string> s_computing =
    [
        "System.Math", "System.MathF", "System.Buffer", "System.Threading.Interlocked", "System.Threading.Volatile", "System.SpanHelpers",
        Unsafe, "System.Runtime.InteropServices.MemoryMarshal", "System.Numerics.BitOperations", "System.Double", "System.Single",
        "System.Runtime.CompilerServices.MethodTable", "System.Runtime.CompilerServices.TypeHandle", "System.Runtime.CompilerServices.CastCache",
    ];

    private static readonly HashSet<string> s_clear =
    [
        "System.String.get_Length", "System.String.get_Chars", "System.Array.get_Length", "System.Array.get_Rank", "System.Array.get_LongLength",
        "System.Runtime.CompilerServices.RuntimeHelpers.IsReferenceOrContainsReferences", "System.Runtime.CompilerServices.RuntimeHelpers.IsBitwiseEquatable",
        "System.Runtime.CompilerServices.RuntimeHelpers.IsKnownConstant", "System.Runtime.CompilerServices.RuntimeHelpers.GetMethodTable",
        "System.Runtime.CompilerServices.RuntimeHelpers.CreateSpan", "System.Runtime.CompilerServices.RuntimeHelpers.TryGetHashCode",
        "System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode", "System.Runtime.CompilerServices.RuntimeHelpers.get_OffsetToStringData",
        "System.Object.GetType", "System.Object..ctor", "System.Type.op_Equality", "System.Type.op_Inequality", "System.Type.GetTypeFromHandle",
        "System.Type.get_IsValueType", "System.Type.get_IsEnum", "System.Diagnostics.Stopwatch.QueryPerformanceCounter", "Interop+Sys.GetTimestamp",
        "System.Environment.get_TickCount64", "Interop+Sys.GetLowResolutionTimestamp", "System.GC.KeepAlive", "System.Threading.Thread.get_CurrentThread",
        "System.Environment.get_CurrentManagedThreadId", "System.Threading.Thread.get_OptimizationLevel", "System.Diagnostics.Debug.Assert",
        "System.Collections.Generic.EqualityComparer`1.get_Default", "System.Collections.Generic.Comparer`1.get_Default",
        "System.Threading.Thread.SpinWaitInternal", "System.Threading.Thread.FastPollGC", "System.Array.GetCorElementTypeOfElementType",

        // By character size: a run of each decides.
        "System.Number.SpanStartsWith", "System.Number.SpanTrim", "System.Number.TryCopyTo", "System.Number.SpanEqualsOrdinalIgnoreCase",

        // The framework's own calls are to the shared pool, which is warm in the long run.
        "System.Buffers.ArrayPool`1.Rent", "System.Buffers.ArrayPool`1.Return", "System.Buffers.ArrayPool`1.get_Shared",

        // The JIT writes them; what is in the IL converts number by number, through static members of the element's type.
        "System.Runtime.Intrinsics.Vector128.Narrow", "System.Runtime.Intrinsics.Vector256.Narrow", "System.Runtime.Intrinsics.Vector512.Narrow",

        // A page of a table that is kept.
        "System.Globalization.OrdinalCasing.InitOrdinalCasingPage", "System.GC._GetTotalAllocatedBytes",
    ];

    private static readonly HashSet<string> s_allocating =
    [
        "System.String.FastAllocateString", "System.Object.MemberwiseClone", "System.GC.AllocateNewArray", "System.Runtime.CompilerServices.RuntimeHelpers.AllocateUninitializedClone",
    ];

    private static readonly HashSet<string> s_lockTypes =
    [
        "System.Threading.Monitor", "System.Threading.Lock", "System.Threading.SpinLock", "System.Threading.ReaderWriterLock",
        "System.Threading.ReaderWriterLockSlim", "System.Threading.Mutex", "System.Threading.Semaphore", "System.Threading.SemaphoreSlim", "System.Threading.Barrier",
    ];

    /// <summary>What is known of a method without reading it, or null.</summary>
    public static Knowing? Find(MethodBase method)
    {
        Type? type = method.DeclaringType;
        string typeName = type is { IsGenericType: true } ? type.GetGenericTypeDefinition().FullName ?? "" : type?.FullName ?? "";
        string name = $"{typeName}.{method.Name}";
        if (s_allocating.Contains(name))
        {
            return s_allocates;
        }

        if (s_lockTypes.Contains(typeName) && (method.Name.StartsWith("Enter", StringComparison.Ordinal) || method.Name.StartsWith("TryEnter", StringComparison.Ordinal)
            || method.Name.StartsWith("Wait", StringComparison.Ordinal) || method.Name.StartsWith("Acquire", StringComparison.Ordinal)))
        {
            return s_locks;
        }

        if (s_lockTypes.Contains(typeName) && method.Name == "Exit")
        {
            // Whoever waits has made what he waits on.
            return s_releases;
        }

        if (name is "System.Threading.Thread.Sleep" or "System.Threading.Thread.Join" || typeName == "System.Threading.WaitHandle" && method.Name.StartsWith("Wait", StringComparison.Ordinal))
        {
            return s_waits;
        }

        if (typeName.StartsWith("Interop+Globalization", StringComparison.Ordinal))
        {
            // ICU computes in memory of its own.
            return s_clean;
        }

        bool isProvided = method.GetMethodBody() is null;
        return s_clear.Contains(name) || (isProvided || typeName == Unsafe) && s_computing.Contains(typeName) || IsIntrinsic(method, isProvided) ? s_clean : null;
    }

    // The JIT writes the body. Where there is one, it is a call of itself.
    private static bool IsIntrinsic(MethodBase method, bool isProvided) =>
        (isProvided || IsOnlySelf(method))
        && (HasIntrinsic(method) || method.DeclaringType is { } type && HasIntrinsic(type));

    private static bool IsOnlySelf(MethodBase method)
    {
        byte[] il = method.GetMethodBody()!.GetILAsByteArray()!;
        if (il.Length > 40)
        {
            return false;
        }

        foreach (Instruction instruction in Instruction.Decode(il).Where(one => one.Code.Name == "call"))
        {
            try
            {
                return method.Module.ResolveMethod((int)instruction.Operand, TypeArguments(method), MethodArguments(method)) is { } callee
                    && callee.MetadataToken == method.MetadataToken && callee.Module == method.Module;
            }
            catch (Exception error) when (error is System.Security.VerificationException or ArgumentException)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the JIT knows the method: what its IL does is not what runs.</summary>
    public static bool IsKnownToCompiler(MethodBase method) =>
        method.DeclaringType?.FullName == Unsafe || HasIntrinsic(method) || method.DeclaringType is { } type && HasIntrinsic(type);

    /// <summary>Type arguments of the declaring type.</summary>
    public static Type[] TypeArguments(MethodBase method) => method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : [];

    /// <summary>Type arguments of the method.</summary>
    public static Type[] MethodArguments(MethodBase method) => method.IsGenericMethod ? method.GetGenericArguments() : [];

    private static bool HasIntrinsic(MemberInfo member) =>
        member.CustomAttributes.Any(one => one.AttributeType.FullName == "System.Runtime.CompilerServices.IntrinsicAttribute");
}
