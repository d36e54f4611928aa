using System.Reflection;
using Atoll.Planting;
using Atoll.Services.Lib;
using Xunit.Abstractions;

namespace Atoll.Services.Tests.Defects;

/// <summary>The tests of the services find what they are for: compiled again in memory with a mistake in the service, one of them fails.</summary>
public sealed class ServiceDefectTests(ITestOutputHelper output)
{
    private static readonly string[] s_rooms = ["Memory", "Names", "Clock", "Supervisor", "Pci", "VirtioNet", "Net", "Lib/Channels/Calls", "Lib/Sockets", "Coordinator", "Iperf", "Switchboard", "Directory", "Protocols/Stops"];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    // The stack is a room of its own.
    private static readonly PlantedSources s_sources = new(
        "Atoll.Defective",
        PlantedSources.Files(
            s_rooms.SelectMany(room => new[] { $"services/{room}", $"tests/Services/{room}" }).Append("tests/Services/Machine"),
            file => file.StartsWith("services/Net/Stack/", StringComparison.Ordinal)),
        ["System", "System.Collections.Generic", "System.Linq", "Xunit"],
        IsReferenced);

    public static TheoryData<string> Defects => [.. ServiceDefect.All.Select(defect => defect.Name)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundServices_Pass() => Assert.Null(Run(null));

    [Theory]
    [InlineData("a piece that is in use counts as free")]
    [InlineData("the next life keeps what the earlier gave away")]
    [InlineData("anybody takes any name")]
    [InlineData("a dead server is registered")]
    [InlineData("a sleeper wakes too early")]
    [InlineData("a device reaches memory that changes hands")]
    [InlineData("the index of a device is believed")]
    [InlineData("a client uses the sockets of another")]
    [InlineData("who speaks while the turn ends is forgotten")]
    [InlineData("a decision is not written down")]
    [InlineData("a start is tried again for ever")]
    [InlineData("a place comes back twice")]
    [InlineData("a fault is said twice")]
    [InlineData("a server is given an end that is not open")]
    [InlineData("the place of a call is used again while the server's side is under way")]
    public void Defect_IsFound_Sample(string name) => Find(name);

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(string name) => Find(name);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_ChangesSomething() => Assert.Empty(
        ServiceDefect.All.Select(defect => s_sources.Fault(NameOf(defect), defect.Find, defect.Replace, mayRepeat: true)).OfType<string>());

    private void Find(string name)
    {
        ServiceDefect defect = ServiceDefect.All.Single(defect => defect.Name == name);
        string? failure = Run(defect);
        Assert.True(failure is not null, $"not found: {name}");
        output.WriteLine(failure);
    }

    // The first test that fails; null: none does.
    private static string? Run(ServiceDefect? defect) => defect is null
        ? s_sources.FindNothing(s_patience, FirstFailure)
        : s_sources.Find(NameOf(defect), defect.Find, defect.Replace, s_patience, FirstFailure);

    private static string? FirstFailure(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.Name.EndsWith("ServerTests", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => !IsLong(method))
            .SelectMany(method => Cases(method).Select(arguments => Failure(method, arguments)))
            .FirstOrDefault(failure => failure is not null);

    // What runs thousands of seeds has a shorter one beside it.
    private static bool IsLong(MethodInfo method) =>
        method.CustomAttributes.Any(data => data.AttributeType == typeof(TraitAttribute) && data.ConstructorArguments is [_, { Value: "Long" }]);

    private static string NameOf(ServiceDefect defect) => $"services/{defect.File}.cs";

    // All but the rooms that are compiled; and but for the kernel's Ipc, which no service sees, and whose namespace would hide the class of the same name.
    private static bool IsReferenced(string name) =>
        name != "Atoll.Ipc.dll" && !s_rooms.Append("Tests").Any(room => name == $"Atoll.Services.{room.Replace('/', '.')}.dll");

    private static IEnumerable<object?[]> Cases(MethodInfo method)
    {
        IEnumerable<object?[]> cases = method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method));
        return method.GetParameters().Length == 0 ? [[]] : cases.Select(arguments => Converted(method, arguments));
    }

    // As xunit does: a number that is written as an int may be a byte.
    private static object?[] Converted(MethodInfo method, object?[] arguments) =>
    [
        .. method.GetParameters().Zip(arguments, (parameter, value) =>
            value is IConvertible && !parameter.ParameterType.IsEnum && parameter.ParameterType.IsPrimitive ? Convert.ChangeType(value, parameter.ParameterType) : value),
    ];

    private static string? Failure(MethodInfo method, object?[] arguments)
    {
        using HostRegion.Scope memory = HostRegion.Begin();
        try
        {
            method.Invoke(Activator.CreateInstance(method.DeclaringType!), arguments);
            return null;
        }
        catch (TargetInvocationException failure)
        {
            return $"{method.DeclaringType!.Name}.{method.Name}: {failure.InnerException!.Message}";
        }
    }
}
