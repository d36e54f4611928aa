using System.Reflection;

namespace Atoll.Contracts.Generator;

/// <summary>Which body a call runs.</summary>
/// <param name="Method">The body, or null when the call does not say.</param>
/// <param name="Boxes">The receiver is boxed first.</param>
/// <param name="IsComparer">A comparer of a tame type is called.</param>
internal readonly record struct Target(MethodBase? Method, bool Boxes = false, bool IsComparer = false);

/// <summary>Finds them.</summary>
internal static class Targets
{
    private static readonly HashSet<string> s_comparers =
    [
        "IEqualityComparer`1", "IComparer`1", "EqualityComparer`1", "Comparer`1",
    ];

    /// <summary>Types whose equality, order, hash code and formatting only compute.</summary>
    public static bool IsTame(Type type) =>
        !type.IsGenericParameter && (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid));

    public static Target Find(MethodBase callee, Type? constrained, bool isVirtualCall)
    {
        if (constrained is not null)
        {
            return FindConstrained(callee, constrained);
        }

        if (callee.DeclaringType is { IsGenericType: true } type && s_comparers.Contains(type.Name) && callee.IsVirtual && !callee.IsStatic)
        {
            return IsTame(type.GetGenericArguments()[0]) ? new Target(null, IsComparer: true) : new Target(null);
        }

        if (callee.DeclaringType is { Name: "ArrayPool`1" })
        {
            return new Target(callee);
        }

        bool isDirect = !isVirtualCall && !callee.IsAbstract || !callee.IsVirtual || callee.IsFinal || callee.DeclaringType is { IsSealed: true };
        return isDirect && !typeof(Delegate).IsAssignableFrom(callee.DeclaringType) ? new Target(callee) : new Target(null);
    }

    private static Target FindConstrained(MethodBase callee, Type constrained)
    {
        if (constrained.IsGenericParameter || constrained is { IsValueType: false, IsSealed: false })
        {
            return new Target(callee.IsStatic || callee.IsVirtual ? null : callee);
        }

        if (constrained.IsEnum && callee.Name == nameof(GetHashCode))
        {
            // The JIT calls that of the number, and boxes nothing.
            return new Target(constrained.GetEnumUnderlyingType().GetMethod(nameof(GetHashCode), Type.EmptyTypes));
        }

        if (callee.DeclaringType is not { } declaring || !callee.IsVirtual && !callee.IsAbstract)
        {
            return new Target(callee);
        }

        try
        {
            MethodBase? found = declaring.IsInterface ? ByInterface(callee, declaring, constrained) : ByOverride(callee, constrained);
            return found is null ? new Target(null)
                : constrained.IsValueType && !found.IsStatic && found.DeclaringType is { IsValueType: false } ? new Target(null, Boxes: true)
                : new Target(found);
        }
        catch (Exception error) when (error is System.Security.VerificationException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return new Target(null);
        }
    }

    private static MethodBase? ByInterface(MethodBase callee, Type face, Type type)
    {
        InterfaceMapping map = type.GetInterfaceMap(face);
        MethodBase definition = callee.IsGenericMethod ? ((MethodInfo)callee).GetGenericMethodDefinition() : callee;
        int index = Array.FindIndex(map.InterfaceMethods, one => one.MetadataToken == definition.MetadataToken);
        if (index < 0 || map.TargetMethods[index] is not { } target)
        {
            return null;
        }

        return callee.IsGenericMethod && target.IsGenericMethodDefinition ? target.MakeGenericMethod(callee.GetGenericArguments()) : target;
    }

    private static MethodBase? ByOverride(MethodBase callee, Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(one => one.Name == callee.Name && one.GetBaseDefinition() == ((MethodInfo)callee).GetBaseDefinition());
}
