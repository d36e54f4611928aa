using System.Reflection;

namespace Atoll.Mutants;

/// <summary>One test with its arguments, run as xunit runs it: an instance of its own, asynchronous to its end, disposed of.</summary>
/// <remarks>Source: xunit's documentation, "Shared Context between Tests".</remarks>
internal sealed class TestCase(MethodInfo method, object?[] arguments, Func<Type, object?> fixtureOf)
{
    /// <summary>For people.</summary>
    internal string Name { get; } = $"{method.DeclaringType!.Name}.{method.Name}{(arguments.Length == 0 ? "" : $"({string.Join(", ", arguments)})")}";

    /// <summary>Steps that it takes without a mutant.</summary>
    internal long Steps { get; set; }

    /// <summary>How long that takes.</summary>
    internal TimeSpan Duration { get; set; }

    /// <summary>Mutants whose place it comes through.</summary>
    internal HashSet<int> Reaches { get; set; } = [];

    /// <summary>Finds the tests of an assembly, but for long ones.</summary>
    internal static IReadOnlyList<TestCase> Find(Assembly tests, Func<string, bool> isChosen)
    {
        Dictionary<Type, object?> fixtures = [];
        object? FixtureOf(Type type) => fixtures.TryGetValue(type, out object? made) ? made : fixtures[type] = Create(type, FixtureOf);
        return
        [
            .. tests.GetTypes().Where(type => !type.IsAbstract && !IsLong(type))
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
                .Where(method => isChosen($"{method.ReflectedType!.FullName}.{method.Name}") && !IsLong(method))
                .SelectMany(method => Of(method, FixtureOf)),
        ];
    }

    /// <summary>Runs it.</summary>
    /// <returns>What it throws; null: it passes.</returns>
    internal Exception? Run()
    {
        try
        {
            object? instance = method.IsStatic ? null : Create(method.ReflectedType!, fixtureOf);
            try
            {
                (method.Invoke(instance, arguments) as Task)?.GetAwaiter().GetResult();
            }
            finally
            {
                (instance as IDisposable)?.Dispose();
            }

            return null;
        }
        catch (Exception failure)
        {
            // What reflection throws says only that something was thrown.
            while (failure is TargetInvocationException { InnerException: { } inner })
            {
                failure = inner;
            }

            return failure;
        }
    }

    private static IEnumerable<TestCase> Of(MethodInfo method, Func<Type, object?> fixtureOf)
    {
        object[] attributes = method.GetCustomAttributes(inherit: true);
        if (!attributes.Any(attribute => attribute.GetType().Name == "TheoryAttribute"))
        {
            return attributes.Any(attribute => attribute.GetType().Name == "FactAttribute") ? [new TestCase(method, [], fixtureOf)] : [];
        }

        return attributes.Where(attribute => attribute.GetType().GetMethod("GetData", [typeof(MethodInfo)]) is not null)
            .SelectMany(attribute => (IEnumerable<object?[]>)attribute.GetType().GetMethod("GetData", [typeof(MethodInfo)])!.Invoke(attribute, [method])!)
            .Select(row => new TestCase(method, Converted(method, row), fixtureOf));
    }

    // A number that is written as an int may be a byte.
    private static object?[] Converted(MethodInfo method, object?[] row)
    {
        ParameterInfo[] parameters = method.GetParameters();
        return
        [
            .. parameters.Select((parameter, index) => index >= row.Length
                ? parameter.DefaultValue
                : row[index] is IConvertible value && parameter.ParameterType.IsPrimitive ? Convert.ChangeType(value, parameter.ParameterType) : row[index]),
        ];
    }

    private static object? Create(Type type, Func<Type, object?> fixtureOf)
    {
        ConstructorInfo? constructor = type.GetConstructors().FirstOrDefault();
        return constructor is null ? Activator.CreateInstance(type) : constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            parameter.ParameterType.IsInterface ? Silence.As(parameter.ParameterType) : fixtureOf(parameter.ParameterType))]);
    }

    private static bool IsLong(MemberInfo member) => member.GetCustomAttributesData().Any(attribute =>
        attribute.AttributeType.Name == "TraitAttribute" && attribute.ConstructorArguments is [{ Value: "Category" }, { Value: "Long" }]);
}
