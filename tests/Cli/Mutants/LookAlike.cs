using System.Reflection;

namespace Atoll.Cli.Tests.Mutants;

/// <summary>Attributes by which the runner of mutants finds tests, and xunit does not.</summary>
internal static class LookAlike
{
    /// <summary>A test.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class FactAttribute : Attribute;

    /// <summary>A test with rows.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class TheoryAttribute : Attribute;

    /// <summary>A row of a theory.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class RowAttribute(int value) : Attribute
    {
        /// <summary>As xunit's attributes of data say it.</summary>
        public IEnumerable<object?[]> GetData(MethodInfo method) => [[value]];
    }
}
