using System.Text;
using System.Xml.Linq;
using Atoll.Analyzers.Tests.Harness;

namespace Atoll.Analyzers.Tests.Gate;

/// <summary>
/// Builds every case of <see cref="BypassCatalog"/> with the repository's own MSBuild files, as a room and as the image that it is
/// part of: one MSBuild process for all, which tells in its output where a case begins.
/// </summary>
public sealed class BypassBuild : IDisposable
{
    private const string CaseMark = "@@case ";

    private readonly string _folder = Repository.PathOf("artifacts", "bypass");
    private readonly string _output;
    private readonly Dictionary<string, string> _outputs;

    /// <summary>Builds.</summary>
    public BypassBuild()
    {
        Delete();
        Directory.CreateDirectory(_folder);
        BrokenRules.Write(_folder);
        WriteProjects();
        _output = DotNetCommand.Run(_folder, "build", "All.proj", "-m:1", "-nodeReuse:false", "-nologo", "-tl:off", "-v:minimal").Output;
        _outputs = Split(_output);
    }

    /// <summary>What the build of a case said.</summary>
    public string OutputOf(Bypass bypass) => _outputs.GetValueOrDefault(bypass.Name, $"the case was not built: {_output}");

    /// <inheritdoc/>
    public void Dispose() => Delete();

    private void Delete()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void WriteProjects()
    {
        // Under artifacts/, so that the repository's own .editorconfig and Directory.Build.props are above.
        Write("Directory.Build.props",
            """
            <Project>
              <Import Project="../../kernel/Directory.Build.props" />
              <PropertyGroup>
                <ArtifactsPath>$(MSBuildThisFileDirectory)out</ArtifactsPath>
                <BrokenRules>$(MSBuildThisFileDirectory)</BrokenRules>
                <!-- One that kernel/Layers.txt knows and kernel/Trusted.txt has no line of. -->
                <AssemblyName Condition="'$(Case)' != ''">Atoll.Services.Idle</AssemblyName>
              </PropertyGroup>
            </Project>
            """);
        Write("Directory.Build.targets",
            """
            <Project>
              <Import Project="../../kernel/Directory.Build.targets" Condition="'$(HasGate)' != 'false'" />
            </Project>
            """);

        // One project for all cases, so that one restore does. Its outputs are apart by case.
        Write("Room.csproj",
            """
            <Project>
              <PropertyGroup>
                <IntermediateOutputPath>$(MSBuildThisFileDirectory)out/$(Case)/obj/</IntermediateOutputPath>
                <OutDir>$(MSBuildThisFileDirectory)out/$(Case)/bin/</OutDir>
              </PropertyGroup>
              <Import Sdk="Microsoft.NET.Sdk" Project="Sdk.props" />
              <PropertyGroup>
                <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
                <GenerateDocumentationFile>false</GenerateDocumentationFile>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="$(Case)/*.cs" />
                <ProjectReference Include="../../kernel/CoreLib/CoreLib.csproj" />
              </ItemGroup>
              <Import Project="$(Case)/Case.props" Condition="'$(Case)' != ''" />
              <Import Sdk="Microsoft.NET.Sdk" Project="Sdk.targets" />
            </Project>
            """);

        // What kernel/Image does with its rooms, up to where ILC would run.
        Write("Image.proj",
            """
            <Project>
              <Import Project="../../kernel/Image/Native.targets" />
              <Target Name="ResolveReferences">
                <ItemGroup><ReferencePath Include="out/$(Case)/bin/Atoll.Services.Idle.dll" /></ItemGroup>
              </Target>
            </Project>
            """);
        Write("All.proj", All().ToString());
        foreach (Bypass bypass in BypassCatalog.All)
        {
            Directory.CreateDirectory(Path.Combine(_folder, Folder(bypass)));
            Write(Path.Combine(Folder(bypass), "Case.props"), $"<Project>{bypass.Project}</Project>");
            Write(Path.Combine(Folder(bypass), "Room.cs"), bypass.Source);
            foreach ((string name, string text) in bypass.Files)
            {
                Write(Path.Combine(Folder(bypass), name), text);
            }
        }
    }

    private static XElement All()
    {
        var build = new XElement("Target", new XAttribute("Name", "Build"), Call("Room.csproj", "Restore;ResolveReferences", ""));
        foreach (Bypass bypass in BypassCatalog.All)
        {
            string properties = $"BuildProjectReferences=false;Case={Folder(bypass)};HasGate={(bypass.HasGate ? "true" : "false")}";
            build.Add(
                new XElement("Message", new XAttribute("Importance", "high"), new XAttribute("Text", CaseMark + bypass.Name)),
                Call("Room.csproj", "Build", $"{properties};{bypass.Properties}"),
                Call("Image.proj", "RequireRuleProofs", properties));
        }

        return new XElement(
            "Project",
            new XAttribute("DefaultTargets", "Build"),
            new XElement("Target", new XAttribute("Name", "Restore")),
            build);
    }

    private static XElement Call(string project, string targets, string properties) => new(
        "MSBuild",
        new XAttribute("Projects", project),
        new XAttribute("Targets", targets),
        new XAttribute("Properties", properties.Trim(';')),
        new XAttribute("ContinueOnError", "true"));

    private static string Folder(Bypass bypass) => bypass.Name.Replace(' ', '-');

    private static Dictionary<string, string> Split(string output)
    {
        var outputs = new Dictionary<string, StringBuilder>();
        StringBuilder? current = null;
        foreach (string line in output.Split('\n').Select(line => line.Trim()).TakeWhile(line => line is not "Build FAILED." and not "Build succeeded."))
        {
            if (line.StartsWith(CaseMark, StringComparison.Ordinal))
            {
                outputs[line[CaseMark.Length..]] = current = new StringBuilder();
            }
            else
            {
                current?.AppendLine(line);
            }
        }

        return outputs.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
