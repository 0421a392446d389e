namespace Brickwork.TestKit.Tests;

public sealed class TemporaryFolderTests
{
    [Fact]
    public void The_folder_and_its_files_are_gone_afterwards()
    {
        string file;
        using (var folder = new TemporaryFolder())
        {
            file = folder.Write("deep/inside.txt", "a text");
            File.ReadAllText(file).ShouldBe("a text");
        }

        File.Exists(file).ShouldBeFalse();
    }
}
