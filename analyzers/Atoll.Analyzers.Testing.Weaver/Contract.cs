using Mono.Cecil;

namespace Atoll.Testing.Weaver;

/// <summary>Reads contracts from metadata, as the analyzer reads them from source.</summary>
internal static class Contract
{
    private static readonly (string Name, int Value)[] s_guarantees =
    [
        ("Atoll.NoGCAttribute", 1), ("Atoll.NoLockAttribute", 2), ("Atoll.NoThrowAttribute", 4), ("Atoll.NoRecursionAttribute", 8),
        ("Atoll.NoBlockAttribute", 16),
    ];

    private const string AllowAllocName = "Atoll.AllowAllocAttribute";
    private const int NoGC = 1;
    private const int AllowAlloc = 32;
    private const int Amortized = 64;

    /// <summary>What a method promises and is allowed, in the numbers of the probes; 0 where there is nothing to measure.</summary>
    public static int Of(MethodDefinition method)
    {
        if (IsMachinery(method))
        {
            return 0;
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
        found |= method.IsConstructor && !method.DeclaringType.IsValueType ? scope & ~NoGC : scope;
        foreach (MethodDefinition promised in Promised(method))
        {
            found |= Of(promised);
        }

        int allowance = Allowance(method) | (property is null ? 0 : Allowance(property));
        return allowance == 0 ? found : (found & ~NoGC) | allowance;
    }

    // Static constructors, what the compiler writes for lambdas and iterators, async methods.
    private static bool IsMachinery(MethodDefinition method) =>
        method is { IsConstructor: true, IsStatic: true }
        || method.DeclaringType.Name.StartsWith('<')
        || method.CustomAttributes.Any(one => one.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")
        || method.ReturnType.IsByReference;

    private static int Own(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Sum(attribute => s_guarantees.FirstOrDefault(one => one.Name == attribute.AttributeType.FullName).Value);

    private static int Allowance(ICustomAttributeProvider provider)
    {
        CustomAttribute? allowance = provider.CustomAttributes.FirstOrDefault(one => one.AttributeType.FullName == AllowAllocName
            && one.ConstructorArguments.Count == 1 && one.ConstructorArguments[0].Value is string reason && !string.IsNullOrWhiteSpace(reason));
        return allowance is null ? 0
            : allowance.Properties.Any(one => one is { Name: "Amortized", Argument.Value: true }) ? AllowAlloc | Amortized
            : AllowAlloc;
    }

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
