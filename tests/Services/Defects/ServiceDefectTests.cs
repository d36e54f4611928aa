using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace Atoll.Services.Tests.Defects;

/// <summary>The tests of the services find what they are for: compiled again in memory with a mistake in the service, one of them fails.</summary>
public sealed class ServiceDefectTests(ITestOutputHelper output)
{
    private static readonly string[] s_rooms = ["Memory", "Names", "Clock", "Pci", "VirtioNet", "Net"];
    private static readonly string s_root = Root();
    private static readonly MetadataReference[] s_references = [.. References()];
    private static readonly Dictionary<string, string> s_texts = Texts();

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
    public void Defect_IsFound_Sample(string name) => Find(name);

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(string name) => Find(name);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_ChangesSomething() => Assert.Empty(
        ServiceDefect.All.Where(defect => !s_texts[$"services/{defect.File}.cs"].Contains(defect.Find, StringComparison.Ordinal)).Select(defect => defect.Name));

    private void Find(string name)
    {
        ServiceDefect defect = ServiceDefect.All.Single(defect => defect.Name == name);
        string? failure = Run(defect);
        Assert.True(failure is not null, $"not found: {name}");
        output.WriteLine(failure);
    }

    // The first test that fails; null: none does.
    private static string? Run(ServiceDefect? defect)
    {
        string edited = $"services/{defect?.File}.cs";
        IEnumerable<SyntaxTree> trees = s_texts.Select(text => CSharpSyntaxTree.ParseText(
            text.Key == edited ? text.Value.Replace(defect!.Find, defect.Replace, StringComparison.Ordinal) : text.Value,
            new CSharpParseOptions(LanguageVersion.Preview),
            text.Key));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release);
        using var code = new MemoryStream();
        var result = CSharpCompilation.Create("Atoll.Defective", trees, s_references, options).Emit(code);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        code.Position = 0;
        var context = new AssemblyLoadContext("defect", isCollectible: true);
        Assembly assembly = context.LoadFromStream(code);
        string? failure = assembly.GetTypes().Where(type => type.Name.EndsWith("ServerTests", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => Cases(method).Select(arguments => Failure(method, arguments)))
            .FirstOrDefault(failure => failure is not null);
        context.Unload();
        return failure;
    }

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

    // All files of a folder; services/Net/Stack is a room of its own, and services/X/Program has none.
    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(s_root, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("services/Net/Stack/", StringComparison.Ordinal));

    private static Dictionary<string, string> Texts()
    {
        Dictionary<string, string> texts = s_rooms.SelectMany(room => Sources($"services/{room}").Concat(Sources($"tests/Services/{room}")))
            .Concat(Sources("tests/Services/Machine"))
            .ToDictionary(name => name, name => File.ReadAllText(Path.Combine(s_root, name)).Replace("\r\n", "\n", StringComparison.Ordinal));
        texts["Usings.cs"] = "global using System; global using System.Collections.Generic; global using System.Linq; global using Xunit;";
        return texts;
    }

    // What this test itself runs with, but for the rooms that are compiled.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !s_rooms.Append("Tests").Any(room => Path.GetFileName(path) == $"Atoll.Services.{room}.dll"))
            // No service sees this room of the kernel, and its namespace would hide the class of the same name.
            .Where(path => Path.GetFileName(path) != "Atoll.Ipc.dll")
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.sh")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("no folder above the tests holds build.sh");
    }
}
