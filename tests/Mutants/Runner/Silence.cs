using System.Reflection;

namespace Atoll.Mutants;

/// <summary>Stands for what tests write to.</summary>
public class Silence : DispatchProxy
{
    /// <summary>One of an interface.</summary>
    internal static object As(Type type) => Create(type, typeof(Silence));

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
}
