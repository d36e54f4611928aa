using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>The public methods of the framework that get a contract if they earn it.</summary>
internal static class FrameworkMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Name of a <c>Dispose</c> that only the interface shows.</summary>
    public const string DisposalName = "System.IDisposable.Dispose";

    // What hot paths use. Others come when somebody asks.
    private static readonly string[] s_namespaces =
    [
        "System", "System.Buffers", "System.Buffers.Binary", "System.Buffers.Text", "System.Collections", "System.Collections.Concurrent",
        "System.Collections.Frozen", "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.ObjectModel", "System.Diagnostics", "System.Globalization", "System.IO.Hashing", "System.Linq",
        "System.Net", "System.Numerics", "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Runtime.Intrinsics", "System.Text", "System.Text.Json",
        "System.Text.Unicode", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly string[] s_assemblies =
    [
        "System.Private.CoreLib", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Linq", "System.Memory",
        "System.Runtime.Numerics", "System.Text.Json", "System.Net.Primitives", "System.Numerics.Vectors",
    ];

    /// <summary>All candidates, in the order of their names.</summary>
    public static IReadOnlyList<MethodBase> All { get; } =
    [
        .. s_assemblies.Select(Assembly.Load).SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => s_namespaces.Contains(type.Namespace) && !typeof(Delegate).IsAssignableFrom(type) && !type.IsInterface)
            .SelectMany(type => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).Concat(Disposals(type)))
            .Where(IsCallable)
            .OrderBy(DocumentationId.Of, StringComparer.Ordinal),
    ];

    // What 'foreach' and 'using' call on a struct that implements it without saying so in public.
    private static IEnumerable<MethodBase> Disposals(Type type) =>
        type.IsValueType && type.GetMethod(DisposalName, BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is { } dispose ? [dispose] : [];

    private static bool IsCallable(MethodBase method) =>
        !method.IsAbstract && method is not ConstructorInfo { IsStatic: true }
        && (method is MethodInfo || method.DeclaringType is { IsAbstract: false } type && type != typeof(string))
        && !(method.DeclaringType is { Name: "BlockingCollection`1" or "ContractHelper" })
        && !method.GetParameters().Any(parameter => IsOdd(parameter.ParameterType));

    private static bool IsOdd(Type type) => type.IsFunctionPointer || type.HasElementType && IsOdd(type.GetElementType()!);
}
