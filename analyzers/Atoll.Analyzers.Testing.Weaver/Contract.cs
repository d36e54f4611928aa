using Mono.Cecil;

namespace Atoll.Testing.Weaver;

/// <summary>Reads contracts from metadata, as the analyzer reads them from source.</summary>
internal static class Contract
{
    private static readonly (string Name, int Value)[] s_guarantees =
    [
        ("Atoll.NoGCAttribute", 1), ("Atoll.NoLockAttribute", 2), ("Atoll.NoThrowAttribute", 4), ("Atoll.NoRecursionAttribute", 8),
    ];

    /// <summary>What a probe measures: 0 where allocation is allowed, null where there is no contract.</summary>
    public static int? Of(MethodDefinition method)
    {
        if (IsMachinery(method))
        {
            return null;
        }

        PropertyDefinition? property = method.DeclaringType.Properties.FirstOrDefault(one => one.GetMethod == method || one.SetMethod == method);
        int found = Own(method) | (property is null ? 0 : Own(property));
        int scope = 0;
        for (TypeDefinition? type = method.DeclaringType; type is not null; type = type.DeclaringType)
        {
            scope |= Own(type);
        }

        scope |= Own(method.Module.Assembly);

        // Making an object of a class is an allocation whatever its constructor does.
        found |= method.IsConstructor && !method.DeclaringType.IsValueType ? scope & ~1 : scope;
        foreach (MethodDefinition promised in Promised(method))
        {
            found |= Of(promised) ?? 0;
        }

        bool allows = Allows(method) || property is not null && Allows(property);
        found = allows ? found & ~1 : found;
        return found != 0 ? found : allows ? 0 : null;
    }

    // Static constructors, what the compiler writes for lambdas and iterators, async methods.
    private static bool IsMachinery(MethodDefinition method) =>
        method is { IsConstructor: true, IsStatic: true }
        || method.DeclaringType.Name.StartsWith('<')
        || method.CustomAttributes.Any(one => one.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")
        || method.ReturnType.IsByReference;

    private static int Own(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Sum(attribute => s_guarantees.FirstOrDefault(one => one.Name == attribute.AttributeType.FullName).Value);

    private static bool Allows(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Any(one => one.AttributeType.FullName == "Atoll.AllowAllocAttribute"
            && one.ConstructorArguments.Count == 1 && one.ConstructorArguments[0].Value is string reason && !string.IsNullOrWhiteSpace(reason));

    // Of the same module: what other assemblies promise they measure themselves.
    private static IEnumerable<MethodDefinition> Promised(MethodDefinition method)
    {
        if (!method.IsVirtual)
        {
            yield break;
        }

        IEnumerable<TypeReference> faces = method.DeclaringType.Interfaces.Select(one => one.InterfaceType);
        IEnumerable<TypeReference> bases = method.DeclaringType.BaseType is { } parent && method.IsReuseSlot ? [parent] : [];
        foreach (TypeReference reference in faces.Concat(bases))
        {
            if (reference.Module == method.Module && reference is TypeDefinition type)
            {
                foreach (MethodDefinition candidate in type.Methods.Where(one => one.Name == method.Name && one.Parameters.Count == method.Parameters.Count))
                {
                    yield return candidate;
                }
            }
        }
    }
}
