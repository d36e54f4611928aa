using System.Security;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Gate;

/// <summary>A room whose own project could write the proof that the rules ran is not part of an image (ATL8006).</summary>
/// <remarks>One MSBuild process asks the target of kernel/Image about all of them; nothing is compiled.</remarks>
public sealed class PlainRoomTests : IClassFixture<PlainRoomTests.Answers>
{
    private const string Plain =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <!-- What it refers to. -->
          <ItemGroup>
            <ProjectReference Include="../CoreLib/CoreLib.csproj" />
          </ItemGroup>
        </Project>
        """;

    // What issue 10 found: the gate's targets replaced by nothing, and the hash that it wants written by hand.
    private const string Forger =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets></PropertyGroup>
          <Target Name="Forge" AfterTargets="CoreCompile">
            <GetFileHash Files="@(IntermediateAssembly)"><Output TaskParameter="Hash" PropertyName="H" /></GetFileHash>
            <WriteLinesToFile File="$(OutDir)$(AssemblyName).rules" Lines="$(H)" />
          </Target>
        </Project>
        """;

    private static readonly IReadOnlyDictionary<string, (string Project, string? Beside)> s_rooms =
        new Dictionary<string, (string, string?)>
        {
            ["plain"] = (Plain, null),
            ["nowarn"] = (With("<PropertyGroup><NoWarn>$(NoWarn);CS1591;CS0169</NoWarn></PropertyGroup>"), null),
            ["host files"] = (With("<ItemGroup><Compile Remove=\"Host/**\" /></ItemGroup>"), null),
            ["forger"] = (Forger, null),
            ["files from above"] = (With("<ItemGroup><Compile Remove=\"../KernelProfile.cs\" /></ItemGroup>"), null),
            ["files by a detour"] = (With("<ItemGroup><Compile Remove=\"x/../../KernelProfile.cs\" /></ItemGroup>"), null),
            ["property"] = (With("<PropertyGroup><DirectoryBuildTargetsPath>x</DirectoryBuildTargetsPath></PropertyGroup>"), null),
            ["target"] = (With("<Target Name=\"ProveRules\" />"), null),
            ["import"] = (With("<Import Project=\"../x.targets\" />"), null),
            ["item"] = (With("<ItemGroup><Analyzer Remove=\"@(Analyzer)\" /></ItemGroup>"), null),
            ["sdk"] = (Plain.Replace("Microsoft.NET.Sdk", "Other.Sdk", StringComparison.Ordinal), null),
            ["initial"] = (Plain.Replace("Sdk\">", "Sdk\" InitialTargets=\"x\">", StringComparison.Ordinal), null),
            ["condition"] = (Plain.Replace("<ItemGroup>", "<ItemGroup Condition=\"'$([System.IO.File]::Exists(`x`))' == ''\">", StringComparison.Ordinal), null),
            ["hidden"] = (With("<!-- --><Target Name=\"ProveRules\" /><!-- -->"), null),
            ["nowarn of a rule"] = (With("<PropertyGroup><NoWarn>$(NoWarn);ATL0601</NoWarn></PropertyGroup>"), null),
            ["props beside"] = (Plain, "Directory.Build.props"),
            ["targets beside"] = (Plain, "Directory.Build.targets"),
            ["packages beside"] = (Plain, "Directory.Packages.props"),
            ["user beside"] = (Plain, "Room.csproj.user"),
        };

    private readonly Answers _answers;

    public PlainRoomTests(Answers answers) => _answers = answers;

    public static TheoryData<string> Names => [.. s_rooms.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_IsTaken_OnlyWhenItsProjectIsPlain(string name)
    {
        bool isPlain = name is "plain" or "nowarn" or "host files";

        string answer = _answers.Of(name);

        Assert.True(isPlain != answer.Contains("error ATL8006", StringComparison.Ordinal), answer);
    }

    [Fact]
    public void Assembly_WithoutAProject_IsNotTaken() =>
        Assert.Contains("error ATL8006", _answers.Of(Answers.NoProject), StringComparison.Ordinal);

    private static string With(string more) => Plain.Replace("</Project>", $"{more}</Project>", StringComparison.Ordinal);

    /// <summary>What the target says of each room.</summary>
    public sealed class Answers : IDisposable
    {
        /// <summary>The case of an assembly that no project made.</summary>
        public const string NoProject = "no project";

        private const string Mark = "@@room ";

        // A tree as the repository's: what is above a room is part of the question.
        private readonly string _root = Repository.PathOf("artifacts", "plain-rooms");
        private readonly string _folder;
        private readonly string _output;

        public Answers()
        {
            Dispose();
            _folder = Directory.CreateDirectory(Path.Combine(_root, "kernel")).FullName;
            File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
            File.WriteAllText(Path.Combine(_folder, "Directory.Build.targets"), "<Project />");
            Directory.CreateDirectory(Path.Combine(_folder, "Image"));
            File.Copy(Repository.PathOf("kernel", "Image", "Native.targets"), Path.Combine(_folder, "Image", "Native.targets"));
            foreach ((string name, (string project, string? beside)) in s_rooms)
            {
                string room = Directory.CreateDirectory(Path.Combine(_folder, name.Replace(' ', '-'))).FullName;
                File.WriteAllText(Path.Combine(room, "Room.csproj"), project);
                if (beside is not null)
                {
                    File.WriteAllText(Path.Combine(room, beside), "<Project />");
                }
            }

            File.WriteAllText(Path.Combine(_folder, "Image.proj"), Image());
            _output = DotNetCommand.Run(_folder, "msbuild", "Image.proj", "-nologo", "-nodeReuse:false", "-tl:off", "-v:minimal").Output;
        }

        /// <summary>What the build said of one.</summary>
        public string Of(string name)
        {
            int start = _output.IndexOf($"{Mark}{name}@@", StringComparison.Ordinal);
            int end = start < 0 ? -1 : _output.IndexOf(Mark, start + Mark.Length, StringComparison.Ordinal);
            Assert.True(end > start, _output);
            return _output[start..end];
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Directory.Exists(_root))
            {
                Directory.Delete(_root, recursive: true);
            }
        }

        private static string Image()
        {
            IEnumerable<string> calls = s_rooms.Keys.Select(name => Call(name, $"{name.Replace(' ', '-')}/Room.csproj")).Append(Call(NoProject, ""));
            return $"""
                <Project DefaultTargets="Ask">
                  <Import Project="Image/Native.targets" />
                  <Target Name="ResolveReferences">
                    <ItemGroup>
                      <ReferencePath Include="Atoll.Room.dll" MSBuildSourceProjectFile="$(Room)" Condition="'$(Room)' == ''" />
                      <ReferencePath Include="Atoll.Room.dll" MSBuildSourceProjectFile="$(MSBuildThisFileDirectory)$(Room)" Condition="'$(Room)' != ''" />
                    </ItemGroup>
                  </Target>
                  <Target Name="Ask">
                    {string.Join('\n', calls)}
                    <Message Importance="high" Text="{Mark}end@@" />
                  </Target>
                </Project>
                """;
        }

        private static string Call(string name, string project) =>
            $"""
            <Message Importance="high" Text="{Mark}{SecurityElement.Escape(name)}@@" />
            <MSBuild Projects="Image.proj" Targets="RequirePlainRooms" Properties="Room={project};Case={name.Replace(' ', '-')}" ContinueOnError="true" />
            """;
    }
}
